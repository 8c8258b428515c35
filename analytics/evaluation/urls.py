from django.urls import path

from analytics.evaluation import views

app_name = "evaluation"
urlpatterns = [
    path("campaigns/<slug:code>/result/", views.campaign_result, name="campaign"),
    path("churn/uplift/", views.uplift, name="uplift"),
]
