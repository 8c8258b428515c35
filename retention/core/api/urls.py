from django.urls import URLPattern, path

from retention.core.api import webhooks

urlpatterns: list[URLPattern] = [
    path("webhooks", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<int:pk>", webhooks.OneWebhook.as_view(), name="webhook"),
    path("webhooks/<int:pk>/test", webhooks.Test.as_view(), name="webhook-test"),
    path("webhooks/<int:pk>/rotate", webhooks.Rotate.as_view(), name="webhook-rotate"),
    path("webhooks/<int:pk>/deliveries", webhooks.Deliveries.as_view(), name="webhook-deliveries"),
    path("webhooks/<int:pk>/deliveries/<int:delivery>/resend", webhooks.Resend.as_view(), name="webhook-resend"),
]
