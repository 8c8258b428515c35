from django.urls import path

from workorders.survey_results import views

app_name = "survey_results"

urlpatterns = [path("of/<slug:code>/results/", views.Results.as_view(), name="results")]
