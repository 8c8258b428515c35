from django.urls import path

from customers.views import actions, detail, listing

app_name = "customers"

urlpatterns = [
    path("", listing.customer_list, name="list"),
    path("<str:subscriber_no>/", detail.customer_page, name="detail"),
    path("<str:subscriber_no>/phone/", actions.show_phone, name="phone"),
    path("<str:subscriber_no>/lists/", actions.put_on_list, name="put-on-list"),
    path("<str:subscriber_no>/lists/<int:pk>/end/", actions.take_off_list, name="take-off-list"),
]
