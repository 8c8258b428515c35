from django.urls import path

from customers.views import batches

app_name = "batches"

urlpatterns = [
    path("", batches.batch_list, name="list"),
    path("<uuid:number>/", batches.batch_page, name="batch"),
    path("<uuid:number>/settle/", batches.settle, name="settle"),
]
