from django.urls import path

from workorders.knowledge.views import articles, reading, suggestions

app_name = "knowledge"
urlpatterns = [
    path("", articles.ArticleList.as_view(), name="articles"),
    path("new/", articles.NewArticle.as_view(), name="article-new"),
    path("approve/", articles.approve_selected, name="approve-selected"),
    path("suggest/", suggestions.make_suggestion, name="suggest"),
    path("suggestions/", suggestions.SuggestionList.as_view(), name="suggestions"),
    path("suggestions/<int:pk>/", suggestions.suggestion_page, name="suggestion"),
    path("suggestions/<int:pk>/settle/", suggestions.settle_suggestion, name="settle"),
    path("<slug:code>/", reading.ArticlePage.as_view(), name="article"),
    path("<slug:code>/edit/", articles.EditArticle.as_view(), name="article-edit"),
    path("<slug:code>/copy/", articles.CopyArticle.as_view(), name="article-copy"),
    path("<slug:code>/approval/", articles.ApproveArticle.as_view(), name="article-approval"),
    path("<slug:code>/switch/", articles.RetireArticle.as_view(), name="article-switch"),
    path("<slug:code>/drafts/", articles.ArticleDrafts.as_view(), name="article-versions"),
    path("<slug:code>/restore/", articles.RestoreArticle.as_view(), name="article-restore"),
    path("<slug:code>/compare/", reading.compare_versions, name="compare"),
    path("<slug:code>/vote/", reading.cast_vote, name="vote"),
    path("<slug:code>/calls/", reading.ArticleCalls.as_view(), name="calls"),
]
