from django.urls import path

from campaigns.outreach.views import policy

app_name = "outreach"

urlpatterns = [
    path("administration/contact-policy/", policy.policy_page, name="policy"),
    path("administration/contact-policy/edit/", policy.EditPolicy.as_view(), name="policy-edit"),
]
