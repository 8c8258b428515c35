from django.urls import path

from workorders.orders import api

urlpatterns = [
    path(
        "subscribers/<str:subscriber_no>/termination-check",
        api.TerminationCheck.as_view(),
        name="termination-check",
    ),
]
