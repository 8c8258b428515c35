from django.urls import path

from campaigns.api import decisions

urlpatterns = [
    path("decisions", decisions.DecisionList.as_view(), name="decisions"),
    path("decisions/<str:decision_id>/confirm", decisions.DecisionConfirm.as_view(), name="decision-confirm"),
    path("decisions/<str:decision_id>/refuse", decisions.DecisionRefuse.as_view(), name="decision-refuse"),
]
