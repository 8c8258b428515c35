from django.urls import path

from campaigns.offers.api import views

urlpatterns = [
    path("decisions", views.DecisionList.as_view(), name="decisions"),
    path("decisions/<str:decision_id>", views.DecisionDetail.as_view(), name="decision"),
    path("decisions/<str:decision_id>/confirm", views.DecisionConfirm.as_view(), name="decision-confirm"),
    path("decisions/<str:decision_id>/refuse", views.DecisionRefuse.as_view(), name="decision-refuse"),
]
