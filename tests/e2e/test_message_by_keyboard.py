"""A message during the call by keyboard: read with the time that stands in the form, and sent as it was read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.messages.models import Message
from customers.facts.models import Customer, LineType, Subscriber
from retention.core import clock
from tests.campaigns.messages.rows import make_template
from workorders.appointments.text import local_value

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTE = "Wants to be called back."


def day_after(days: int):
    return timezone.localtime(clock.now()).replace(hour=10, minute=30) + timedelta(days=days)


def write_time(page, at) -> None:
    page.keyboard.press("Alt+a")
    page.locator("#appointment:focus").fill(local_value(at))


def read_in(preview, at) -> None:
    local = timezone.localtime(at)
    preview.get_by_text(f"已为您预约{local.year}年{local.month}月{local.day}日10:30回电").wait_for(timeout=3000)


def test_the_message_has_the_time_that_stands_in_the_form(at_work):
    page, order = at_work
    Subscriber.objects.filter(pk=order.subscriber_id).update(line_type=LineType.MOBILE)
    Customer.objects.filter(pk=order.customer_id).update(name="李明", language="zh-hans")
    make_template(name="Time agreed", purpose="service", body="", body_zh="已为您预约{appointment}回电")
    page.keyboard.press("Alt+n")
    page.keyboard.type(NOTE)
    with page.expect_navigation():
        page.keyboard.press("Alt+c")
    address = page.url
    write_time(page, day_after(2))

    page.keyboard.press("Alt+m")
    page.locator("#message-template:focus").wait_for()
    page.keyboard.type("T")
    preview = page.locator("#message-preview")
    read_in(preview, day_after(2))
    page.keyboard.press("Alt+3")  # stays with us: no time any more
    preview.get_by_text("There is no value for: day and hour").wait_for(timeout=3000)
    page.keyboard.press(page.locator("[data-needs-appointment]").first.get_attribute("data-key"))
    write_time(page, day_after(3))
    read_in(preview, day_after(3))
    page.locator("#message-template").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#message").get_by_text("“Time agreed” is").wait_for()  # on its way, or queued at night

    message, at = Message.objects.get(), day_after(3)
    assert message.text == f"已为您预约{at.year}年{at.month}月{at.day}日10:30回电"
    assert (page.url, page.locator("[name=note]").input_value()) == (address, NOTE)
    assert page.locator("#appointment").input_value() == local_value(at)
    assert page.locator("[name=disposition]:checked").count() == 1, "a time goes with an end that needs it"
    order.refresh_from_db()
    assert order.appointment_at is None, "what is typed is saved with the outcome only"
    assert page.problems == []
