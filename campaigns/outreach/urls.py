from django.urls import path

from campaigns.outreach.views import contacts, policy

app_name = "outreach"

urlpatterns = [
    path("administration/contact-policy/", policy.policy_page, name="policy"),
    path("administration/contact-policy/edit/", policy.EditPolicy.as_view(), name="policy-edit"),
    path("contacts/", contacts.find_line, name="find"),
    path("contacts/<str:subscriber_no>/", contacts.line_page, name="line"),
    path("contacts/<str:subscriber_no>/consent/", contacts.save_consent, name="consent"),
]
