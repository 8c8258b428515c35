from django.urls import path

from campaigns.outreach import views

app_name = "outreach"

urlpatterns = [
    path("", views.policy_page, name="policy"),
    path("edit/", views.EditPolicy.as_view(), name="policy-edit"),
]
