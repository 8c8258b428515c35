from django.urls import path

from retention.core.health import views

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("consumez", views.consumez, name="consumez"),
    path("metrics", views.metrics, name="metrics"),
]
