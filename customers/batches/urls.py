from django.urls import path

from customers.batches import views

app_name = "batches"

urlpatterns = [
    path("", views.BatchList.as_view(), name="list"),
    path("waiting/", views.WaitingList.as_view(), name="waiting"),
    path("<uuid:number>/", views.BatchPage.as_view(), name="batch"),
    path("<uuid:number>/take-back/", views.take_back, name="take-back"),
    path("<uuid:number>/settle/", views.settle, name="settle"),
]
