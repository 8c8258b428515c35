from django.urls import path

from analytics.watch import views

urlpatterns = [
    path("", views.watch, name="watch"),
    path("months/", views.watch_months, name="watch-months"),
    path("alarms/", views.watch_alarms, name="watch-alarms"),
    path("alarms/<int:pk>/acknowledge/", views.acknowledge, name="watch-acknowledge"),
    path("proposals/<int:pk>/accept/", views.accept, name="watch-accept"),
    path("proposals/<int:pk>/decline/", views.decline, name="watch-decline"),
]
