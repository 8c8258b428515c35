from django.urls import path

from analytics.win_back import views

urlpatterns = [
    path("", views.LeftList.as_view(), name="win-back"),
    path("open-orders/", views.open_orders, name="win-back-orders"),
]
