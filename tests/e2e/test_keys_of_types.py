"""The keys of a type's own do what the call screen says, and its wrap-up gives the next order when it is over."""

import pytest

from retention.core import clock
from tests.e2e.steps import CALL, open_as, press_to_call
from tests.workorders.rows import make_floor, make_orders
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder
from workorders.pauses.models import WrapUp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_keyboard_follows_the_type_and_a_wrap_up_lasts_as_long_as_it_says(browse):
    team, (ana,) = make_floor()
    first, second, third = make_orders(3, team=team, now=clock.now())
    kind = OrderType.objects.get(code="churn_retention")
    kind.flow |= {"keys": {"3": "refused", "5": "retained"}}
    kind.wrap_up_seconds = 3
    kind.save()
    other = OrderType.objects.create(
        code="own", name="Own", name_zh="自有", purpose=kind.purpose, flow={}, fields=[], script="", wrap_up_seconds=40
    )
    WorkOrder.objects.filter(pk=second.pk).update(type=other)
    page = browse()
    open_as(page, ana)

    assert press_to_call(page, "n") == first.order_no
    page.keyboard.press("Alt+5")
    assert page.locator("input[name=disposition]:checked").get_attribute("value") == "retained"
    page.keyboard.press("Alt+3")
    assert page.locator("input[name=disposition]:checked").get_attribute("value") == "refused"
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/?then=next")
    page.locator("wrap-up [data-said]", has_text="Wrap-up: ").wait_for(state="attached")
    # It runs out, and the next order comes by itself; its type has no keys of its own.
    page.wait_for_url(CALL)
    assert second.order_no in page.url
    assert WrapUp.objects.get().ended_at is not None
    page.keyboard.press("Alt+3")
    assert page.locator("input[name=disposition]:checked").get_attribute("value") == "retained"
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/?then=next")
    page.keyboard.press("e")
    page.locator("wrap-up:not(:has([data-key=e]))").wait_for()
    assert int(page.locator("wrap-up").get_attribute("data-seconds")) > 50
    assert WrapUp.objects.latest("pk").extended
    # The key ends it.
    assert press_to_call(page, "n") == third.order_no
    assert page.problems == []
