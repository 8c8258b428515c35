"""Two promises of one agent too near to each other: shown before the save, kept only when the agent says so."""

import pytest
from django.urls import reverse

from retention.core.errors import Invalid
from tests.factories import NOW
from tests.workorders.clocks.rows import make_calendar
from tests.workorders.rows import DAY, HOUR, MINUTE, make_orders
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
AT = NOW + DAY


@pytest.fixture
def ana(floor, client):
    client.force_login(floor[1][0])
    return floor[1][0]


def promise(order, agent, at, *, anyway=False):
    return record_outcome(
        order_no=order.order_no, agent=agent, disposition="callback", appointment_at=at, version=None, now=NOW,
        anyway=anyway,
    )  # fmt: skip


@pytest.fixture
def promised(floor, order, ana):
    """The first order is promised for AT; the second is on the desk."""
    promise(order, ana, AT)
    make_orders(1, team=floor[0])
    return claim_next(agent=ana, now=NOW)


def local(at) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(("apart", "clashes"), [(-15, False), (-14, True), (0, True), (14, True), (15, False)])
def test_a_quarter_of_an_hour_apart_both_can_be_kept(promised, ana, apart, clashes):
    if clashes:
        with pytest.raises(Invalid, match="You have promised another call") as refused:
            promise(promised, ana, AT + apart * MINUTE)
        assert refused.value.details[0]["code"] == "clash"
        assert promise(promised, ana, AT + apart * MINUTE, anyway=True).state == State.WAITING
    else:
        assert promise(promised, ana, AT + apart * MINUTE).state == State.WAITING


def test_another_agents_appointment_is_no_clash(floor, promised):
    make_orders(1, team=floor[0])
    ben = floor[1][1]
    third = claim_next(agent=ben, now=NOW)
    assert promise(third, ben, AT).state == State.WAITING


def test_the_page_shows_the_clash_and_saves_on_the_agents_word_for_this_time_only(client, promised, ana):
    save, form = reverse("workorders:outcome", args=[promised.order_no]), {"disposition": "callback", "note": "Fine."}
    page = client.post(save, form | {"appointment_at": local(AT)})
    assert page.status_code == 422
    assert 'data-key="Alt+Y"' in page.text
    assert "Fine." in page.text
    other = client.post(save, form | {"appointment_at": local(AT + 5 * MINUTE), "appointment_anyway": local(AT)})
    assert other.status_code == 422
    client.post(save, form | {"appointment_at": local(AT), "appointment_anyway": local(AT)})
    promised.refresh_from_db()
    assert (promised.state, promised.appointment_at) == (State.WAITING, AT)


def test_the_load_of_the_hour_is_shown_before_the_save(client, order, promised, ana):
    make_calendar(code="office", hours=["09:00-18:00"] * 5 + ["", ""], holidays="")
    address = reverse("workorders:appointment-load", args=[promised.order_no])

    def shown(at) -> str:
        return " ".join(client.get(address, {"appointment_at": local(at)}).text.split())

    assert "1 appointment of yours from" in shown(AT + 5 * MINUTE)
    assert order.order_no in shown(AT + 5 * MINUTE)
    assert "0 appointments of yours" in shown(AT + 3 * HOUR)
    assert "Close to" not in shown(AT + 3 * HOUR)
    assert "Your group does not work at this time." in shown(AT)
    assert "Quiet hours: calls are made from" in shown(NOW.replace(hour=23, minute=0))
    assert client.get(address, {"appointment_at": "soon"}).text == ""


def test_the_week_and_the_day_show_what_is_promised(client, order, promised, ana):
    page = client.get(reverse("workorders:appointments"), {"day": AT.date().isoformat()})
    assert [len(one.orders) for one in page.context["days"]].count(1) == 1
    assert len(page.context["days"]) == 7
    assert order.customer.name in page.text
    day = client.get(reverse("workorders:appointments"), {"view": "day", "day": AT.date().isoformat()})
    assert [(one.day, len(one.orders)) for one in day.context["days"]] == [(AT.date(), 1)]
    later = client.get(reverse("workorders:appointments"), {"day": (AT + 14 * DAY).date().isoformat()})
    assert later.context["count"] == 0
    assert client.get(reverse("workorders:appointments"), {"day": "x", "view": "y"}).status_code == 200
