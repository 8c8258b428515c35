from django.urls import path

from workorders.performance import views

app_name = "performance"

urlpatterns = [
    path("", views.Performance.as_view(), name="performance"),
    path("contacts/", views.WorkedContacts.as_view(), name="contacts"),
    path("pauses/", views.TakenPauses.as_view(), name="pauses"),
]
