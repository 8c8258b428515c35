from django.urls import path

from workorders.desk_messages import views

app_name = "desk_messages"

urlpatterns = [
    path("work/messages/", views.desk, name="desk"),
    path("work/messages/<int:pk>/read/", views.read, name="read"),
    path("supervise/messages/", views.SentMessages.as_view(), name="messages"),
    path("supervise/messages/new/", views.write, name="write"),
    path("supervise/messages/<int:pk>/", views.Receipts.as_view(), name="receipts"),
]
