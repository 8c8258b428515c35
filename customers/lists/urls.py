from django.urls import path

from customers.lists import views

app_name = "customer_lists"

urlpatterns = [
    path("", views.kinds_page, name="kinds"),
    path("entries/", views.EntryList.as_view(), name="entries"),
]
