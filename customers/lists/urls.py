from django.urls import path

from customers.lists.views import entries, own

app_name = "customer_lists"

urlpatterns = [
    path("", entries.kinds_page, name="kinds"),
    path("entries/", entries.EntryList.as_view(), name="entries"),
    path("entries/<int:pk>/", entries.entry_page, name="entry"),
    path("entries/<int:pk>/end/", entries.end_entry, name="entry-end"),
    path("own/", own.OwnLists.as_view(), name="ownlists"),
    path("own/new/", own.NewOwnList.as_view(), name="ownlist-new"),
    path("own/<slug:code>/", own.OwnListPage.as_view(), name="ownlist"),
    path("own/<slug:code>/edit/", own.EditOwnList.as_view(), name="ownlist-edit"),
    path("own/<slug:code>/copy/", own.CopyOwnList.as_view(), name="ownlist-copy"),
    path("own/<slug:code>/switch/", own.SwitchOwnList.as_view(), name="ownlist-switch"),
]
