from django.urls import path

from customers.list_files import views

app_name = "list_files"

urlpatterns = [path("", views.load_page, name="load")]
