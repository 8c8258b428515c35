from django.urls import path

from customers.directory.views import CustomerList
from customers.page360.views import customer_page, put_on_list, show_phone, take_off_list

app_name = "customers"

urlpatterns = [
    path("", CustomerList.as_view(), name="list"),
    path("<str:subscriber_no>/", customer_page, name="detail"),
    path("<str:subscriber_no>/phone/", show_phone, name="phone"),
    path("<str:subscriber_no>/lists/", put_on_list, name="put-on-list"),
    path("<str:subscriber_no>/lists/<int:pk>/end/", take_off_list, name="take-off-list"),
]
