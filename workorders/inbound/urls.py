from django.urls import path

from workorders.inbound import views

app_name = "inbound"

urlpatterns = [
    path("work/callers/", views.look_up, name="look-up"),
    path("work/callers/<str:order_no>/take/", views.take, name="take"),
    path("work/callers/<str:order_no>/message/", views.write, name="write"),
    path("supervise/callers/", views.Lookups.as_view(), name="lookups"),
]
