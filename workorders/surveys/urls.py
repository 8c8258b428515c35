from django.urls import path

from workorders.surveys.views import editor, pages

app_name = "surveys"

urlpatterns = [
    path("", pages.QuestionnaireList.as_view(), name="questionnaires"),
    path("new/", pages.new_questionnaire, name="new"),
    path("of/<slug:code>/", pages.questionnaire_page, name="questionnaire"),
    path("of/<slug:code>/edit/", editor.edit, name="edit"),
    path("of/<slug:code>/copy/", pages.new_questionnaire, name="copy"),
    path("of/<slug:code>/draft/", pages.begin_draft, name="draft"),
    path("of/<slug:code>/discard/", pages.discard, name="discard"),
    path("of/<slug:code>/publish/", pages.publish, name="publish"),
    path("of/<slug:code>/ask/", pages.ask, name="ask"),
    path("of/<slug:code>/preview/<int:version>/", pages.preview, name="preview"),
]
