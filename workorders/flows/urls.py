from django.urls import path

from workorders.flows import views

app_name = "flows"

urlpatterns = [
    path("new/", views.NewType.as_view(), name="new"),
    path("of/<slug:code>/flow/", views.flow_page, name="flow"),
    path("of/<slug:code>/trial/", views.trial_page, name="trial"),
    path("of/<slug:code>/draft/", views.EditDraft.as_view(), name="draft"),
    path("of/<slug:code>/draft/start/", views.start_draft, name="start"),
    path("of/<slug:code>/draft/publish/", views.publish, name="publish"),
    path("of/<slug:code>/draft/discard/", views.discard, name="discard"),
]
