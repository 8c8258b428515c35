from django.urls import path

from workorders.wallboard import views

app_name = "wallboard"

urlpatterns = [
    path("", views.wall, name="wall"),
]
