"""Addresses and texts of the pages of the work."""

from django.urls import reverse

from workorders.orders.models import WorkOrder


def address(name: str, order: WorkOrder) -> str:
    return reverse(f"workorders:{name}", args=[order.order_no])


def text_of(response) -> str:
    return response.content.decode()
