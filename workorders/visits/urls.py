from django.urls import path

from workorders.visits import views

app_name = "visits"

urlpatterns = [path("", views.VisitHistory.as_view(), name="history")]
