from django.urls import path

from analytics.monitoring import views

urlpatterns = [
    path("", views.Monitoring.as_view(), name="watch"),
    path("months/", views.Months.as_view(), name="watch-months"),
    path("alarms/", views.AlarmHistory.as_view(), name="watch-alarms"),
    path("alarms/<int:pk>/acknowledge/", views.acknowledge, name="watch-acknowledge"),
    path("proposals/<int:pk>/accept/", views.accept, name="watch-accept"),
    path("proposals/<int:pk>/decline/", views.decline, name="watch-decline"),
]
