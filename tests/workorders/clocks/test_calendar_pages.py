"""Pages of working calendars and of a type's clocks."""

import pytest
from django.urls import reverse

from retention.core import clock
from tests.factories import NOW, make_branch, make_user
from tests.workorders.clocks.rows import give_clocks, make_calendar
from tests.workorders.rows import HOUR, make_orders
from workorders.clocks.models import OrderClock, WorkCalendar
from workorders.clocks.services.installation import install_calendars
from workorders.clocks.services.recomputing import reckon_stale
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def root():
    return make_user(role="administrator")


@pytest.fixture
def page(client, root):
    client.force_login(root)
    return client


def sent(row=None, **given):
    week = {f"hours_{place}": "09:00-12:00, 14:00-18:00" if place < 5 else "" for place in range(7)}
    values = {"code": "night", "name": "Night", "holidays": "CN", "days": "", "version": row.version if row else ""}
    return values | week | given


def url(name, *args):
    return reverse(f"clocks:workcalendar{name}", args=args)


def test_a_calendar_is_made_with_split_shifts_and_own_days(page):
    days = "2027-02-14 09:00-12:00 Made-up Sunday\n\n2026-12-24 Party"
    answer = page.post(url("-new"), sent(hours_5="9：00至12：00", days=days))
    assert answer.status_code == 302
    row = WorkCalendar.objects.get()
    assert (row.hours[0], row.hours[5], row.enabled) == ("09:00-12:00, 14:00-18:00", "09:00-12:00", False)
    assert row.days == [
        {"day": "2026-12-24", "hours": "", "name": "Party"},
        {"day": "2027-02-14", "hours": "09:00-12:00", "name": "Made-up Sunday"},
    ]
    shown = page.get(url("-edit", "night")).content.decode()
    assert "2027-02-14 09:00-12:00 Made-up Sunday" in shown


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hours_0": "9-12"}, "hours"), ({f"hours_{place}": "" for place in range(7)}, "hours"),
        ({"days": "tomorrow"}, "days"), ({"days": "2026-12-24\n2026-12-24"}, "days"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(page, given, field):
    answer = page.post(url("-new"), sent(**given))
    assert answer.status_code == 422 and not WorkCalendar.objects.exists()
    assert b"rp-notice-bad" in answer.content


def test_the_month_shows_working_days_holidays_and_made_up_days(page):
    make_calendar(code="office", days=[{"day": "2026-10-12", "hours": "", "name": "Inventory"}])
    shown = page.get(url("", "office"), {"month": "2026-10"}).content.decode()
    assert "National Day" in shown and "Inventory" in shown
    assert shown.count("rp-day-made_up") == 1  # Saturday the 10th
    assert shown.count("rp-day-holiday") == 7 - 1  # 1 to 7 October without the Sunday, which is off anyhow
    assert page.get(url("", "office"), {"month": "x"}).status_code == 200


def test_a_year_that_is_not_arranged_yet_warns_on_the_page_and_in_the_list(page):
    make_calendar(code="office")
    places = {url("", "office"): "not known yet", url("s"): "not arranged yet", url("-edit", "office"): "not known yet"}
    for address, words in places.items():
        assert words not in page.get(address).content.decode()
    with clock.freeze(NOW.replace(month=12)):
        for address, words in places.items():
            shown = page.get(address).content.decode()
            assert "2027" in shown and words in shown
        row = WorkCalendar.objects.get()
        row.days = [{"day": "2027-02-14", "hours": "09:00-12:00", "name": ""}]
        row.save()
        assert "not arranged" not in page.get(url("s")).content.decode()


def test_a_save_that_moves_open_orders_says_how_many_first(page, floor):
    give_clocks({"kind": "close", "minutes": 60, "calendar": "working"})
    make_orders(3, team=floor[0])
    row = make_calendar(code="office")
    reckon_stale(now=NOW)
    change = sent(row, hours_4="13:00-18:00")  # NOW is a Friday, ten o'clock
    asked = page.post(url("-edit", "office"), change)
    assert asked.status_code == 200 and WorkCalendar.objects.get().version == 1
    text = asked.content.decode()
    assert "3 open orders get another due time: 0 earlier, 3 later." in text
    assert page.post(url("-edit", "office"), change | {"moves": "2"}).status_code == 200  # not what was seen
    assert page.post(url("-edit", "office"), change | {"moves": "3"}).status_code == 302
    reckon_stale(now=NOW)
    assert set(WorkOrder.objects.values_list("due_at", flat=True)) == {NOW.replace(hour=14)}
    # What moves nothing is saved at once.
    row.refresh_from_db()
    same = sent(row, hours_4="13:00-18:00", name="Office of the city")
    assert page.post(url("-edit", "office"), same).status_code == 302
    preview = page.post(url("-edit", "office"), same | {"preview": "1", "version": 3})
    assert "No open order gets another due time." in preview.content.decode()


def test_what_the_preview_counts_is_what_a_recomputation_moves(page, floor):
    give_clocks()
    orders = make_orders(4, team=floor[0])
    WorkOrder.objects.filter(pk=orders[0].pk).update(team=None)
    row = make_calendar(code="office")
    reckon_stale(now=NOW)
    before = dict(WorkOrder.objects.values_list("pk", "due_at"))
    change = sent(row, hours_4="10:00-10:30, 17:00-18:00")
    text = page.post(url("-edit", "office"), change).content.decode()
    page.post(url("-edit", "office"), change | {"moves": "4"})
    reckon_stale(now=NOW)
    after = dict(WorkOrder.objects.values_list("pk", "due_at"))
    moved = sum(before[pk] != after[pk] for pk in before)
    assert f"{moved} open orders get another due time" in text and moved == 4
    assert not OrderClock.objects.filter(calendar__startswith="office:1:").exists()


def test_switching_asks_when_it_moves_orders(page, floor):
    give_clocks({"kind": "close", "minutes": 60, "calendar": "working"})
    make_orders(2, team=floor[0])
    make_calendar(code="office", enabled=False, hours=["14:00-18:00"] * 7)
    asked = page.post(url("-switch", "office"), {"to": "on"})
    assert asked.status_code == 200 and "2 open orders" in asked.content.decode()
    page.post(url("-switch", "office"), {"to": "on", "moves": "2"})
    assert WorkCalendar.objects.get().enabled
    reckon_stale(now=NOW)
    assert WorkOrder.objects.values_list("due_at", flat=True)[0] == NOW.replace(hour=15)


def test_a_branch_has_one_calendar_in_use(page):
    make_calendar(code="office")
    make_calendar(code="second", enabled=False)
    page.post(url("-switch", "second"), {"to": "on"})
    assert not WorkCalendar.objects.get(code="second").enabled


def test_a_manager_changes_calendars_of_the_own_branch_only(client):
    root = make_branch()
    mia = make_user(role="manager", branch=make_branch(parent=root))
    make_calendar(code="office")
    make_calendar(code="own", branch=mia.branch)
    client.force_login(mia)
    assert client.get(url("-edit", "own")).status_code == 200
    assert client.get(url("-edit", "office")).status_code == 403


def test_the_calendar_that_ships_is_off_and_stays_as_managers_left_it():
    assert (install_calendars(), install_calendars()) == (1, 0)
    assert not WorkCalendar.objects.get().enabled


def test_the_clocks_of_a_type_are_changed_on_a_page_and_running_orders_keep_theirs(page, floor):
    give_clocks()
    (order,) = make_orders(1, team=floor[0])
    address = reverse("clocks:type", args=["churn_retention"])
    form = page.get(address).context["form"]
    given = {"seen": form["seen"].value()} | {
        one.name: one.value() for one in form if one.name not in ("known", "merge")
    }
    given = {name: value for name, value in given.items() if value is not None}
    given |= {"accept_minutes": "30", "attempt_minutes": ""}
    assert page.post(address, given).status_code == 302
    newest = OrderType.objects.for_administration().get(code="churn_retention")
    assert newest.version == 2 and [one["kind"] for one in newest.clocks] == ["accept", "contact", "close"]
    order.refresh_from_db()
    assert (order.type.version, order.due_at) == (1, NOW + HOUR)
    shown = page.get(reverse("order_types:type", args=["churn_retention"])).content.decode()
    assert "Accepted within 30 min of working time, warning at 80%" in shown
    assert page.post(address, given | {"accept_minutes": "0"}).status_code == 422
