from django.urls import URLPattern, path

from retention.core.webhooks.api import views

urlpatterns: list[URLPattern] = [
    path("webhooks", views.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<int:pk>", views.OneWebhook.as_view(), name="webhook"),
    path("webhooks/<int:pk>/test", views.Test.as_view(), name="webhook-test"),
    path("webhooks/<int:pk>/rotate", views.Rotate.as_view(), name="webhook-rotate"),
    path("webhooks/<int:pk>/deliveries", views.Deliveries.as_view(), name="webhook-deliveries"),
    path("webhooks/<int:pk>/deliveries/<int:delivery>/resend", views.Resend.as_view(), name="webhook-resend"),
]
