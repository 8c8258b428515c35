from django.urls import path

from campaigns.messages.api import views

urlpatterns = [
    path("messages/app", views.AppInbox.as_view(), name="message-app"),
    path("messages/receipts", views.Receipts.as_view(), name="message-receipts"),
    path("messages/replies", views.Replies.as_view(), name="message-replies"),
]
