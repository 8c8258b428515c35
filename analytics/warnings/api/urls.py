from django.urls import path

from analytics.warnings.api import contacts, risk

urlpatterns = [
    path("subscribers/<str:subscriber_no>/risk", risk.LineRisk.as_view(), name="risk"),
    path("subscribers/<str:subscriber_no>/contacts", contacts.LineContacts.as_view(), name="contacts"),
    path("warnings", risk.Warnings.as_view(), name="warnings"),
]
