from django.urls import path

from analytics.circles import views

urlpatterns = [
    path("", views.CircleList.as_view(), name="circles"),
    path("<int:pk>/", views.CircleLines.as_view(), name="circle"),
]
