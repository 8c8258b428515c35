from django.urls import path

from workorders.saved_views import views

app_name = "saved_views"

urlpatterns = [
    path("save/", views.save, name="save"),
    path("<int:pk>/", views.open_view, name="open"),
    path("<int:pk>/change/", views.change, name="change"),
]
