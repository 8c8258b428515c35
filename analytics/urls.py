from django.urls import path

from analytics.views import monitor, warnings

app_name = "analytics"
urlpatterns = [
    path("", warnings.warning_list, name="churn"),
    path("model/", monitor.model_monitor, name="monitor"),
    path("model/<int:pk>/promote/", monitor.promote_version, name="promote"),
]
