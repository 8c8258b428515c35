from django.urls import path

from workorders.task_log import views

app_name = "task_log"

urlpatterns = [path("", views.TaskLog.as_view(), name="log")]
