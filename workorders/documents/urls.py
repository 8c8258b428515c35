from django.urls import path

from workorders.documents import views

app_name = "documents"
BASE = "administration/documents/"

urlpatterns = [
    path("documents/<slug:code>/file/", views.open_file, name="file"),
    path(BASE, views.DocumentList.as_view(), name="documents"),
    path(f"{BASE}new/", views.NewDocument.as_view(), name="document-new"),
    path(f"{BASE}<slug:code>/", views.DocumentPage.as_view(), name="document"),
    path(f"{BASE}<slug:code>/edit/", views.EditDocument.as_view(), name="document-edit"),
    path(f"{BASE}<slug:code>/copy/", views.CopyDocument.as_view(), name="document-copy"),
    path(f"{BASE}<slug:code>/switch/", views.SwitchDocument.as_view(), name="document-switch"),
]
