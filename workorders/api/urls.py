from django.urls import path

from workorders.api import termination

urlpatterns = [
    path(
        "subscribers/<str:subscriber_no>/termination-check",
        termination.TerminationCheck.as_view(),
        name="termination-check",
    ),
]
