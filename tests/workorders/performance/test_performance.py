"""Work counts for who did it; every figure opens exactly the rows it counts."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from retention.core import clock
from tests.factories import NOW, TODAY, make_team, make_user
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_orders
from workorders.clocks.models import OrderClock
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.services.reopening import reopen
from workorders.pauses.services import begin_pause, end_pause, install_pause_codes
from workorders.performance.queries import FIGURES
from workorders.supervision.services import cancel

pytestmark = pytest.mark.django_db
PAGE, BOARD = reverse("performance:performance"), reverse("workorders:supervise")


def call(order, agent, disposition, *, at, minutes=4, **given):
    with clock.freeze(at):
        assert claim_next(agent=agent, now=at) == order
        start(order_no=order.order_no, agent=agent, version=None, now=at)
        end = at + minutes * MINUTE
        record_outcome(order_no=order.order_no, agent=agent, disposition=disposition, version=None, now=end, **given)


def opened(client, boss, address, at=NOW + 3 * HOUR):
    client.force_login(boss)
    with clock.freeze(at):
        return client.get(address)


def exported(client, boss, address):
    return b"".join(opened(client, boss, address)).decode("utf-8-sig").splitlines()


def records(page):
    return [row.record for row in page.context["table"].paginated_rows]


@pytest.fixture
def work(floor):
    """Yesterday ana retains one. Today ana: a refusal, a wrong number, an appointment kept by ben; ben: no answer."""
    team, (ana, ben) = floor
    orders = make_orders(5, team=team)
    call(orders[0], ana, "retained", at=NOW - DAY, minutes=6)
    call(orders[1], ana, "refused", at=NOW, minutes=2)
    call(orders[2], ana, "callback", at=NOW + 10 * MINUTE, appointment_at=NOW + HOUR)
    call(orders[3], ana, "wrong_number", at=NOW + 20 * MINUTE)
    call(orders[4], ben, "no_answer", at=NOW + 30 * MINUTE, minutes=1)
    WorkOrder.objects.filter(pk=orders[2].pk).update(assignee=ben)
    call(orders[2], ben, "retained", at=NOW + HOUR, minutes=8)
    return orders


def test_agents_have_the_work_they_did(client, floor, boss, work):
    _team, (ana, ben) = floor
    rows = {one["who"]: one for one in records(opened(client, boss, PAGE))}
    keys = (
        "contacts", "connected", "reached", "no_answer", "kept", "closed", "appointments", "appointments_kept",
    )  # fmt: skip
    assert [rows[ana.username][key] for key in keys] == [4, 4, 3, 0, 1, 3, 1, 1]
    assert [rows[ben.username][key] for key in keys] == [2, 1, 1, 1, 1, 1, 0, 0]
    assert rows[ana.username]["handling"] == pytest.approx(4 * 60)
    assert rows[ben.username]["handling"] == pytest.approx(4.5 * 60)


def test_the_same_by_group_by_day_and_by_week(client, floor, boss, work):
    team = floor[0]
    by_day = records(opened(client, boss, f"{PAGE}?by=team&span=day"))
    assert [(row["who"], row["when"], row["contacts"]) for row in by_day] == [
        (team.code, TODAY - DAY, 1), (team.code, TODAY, 5)
    ]  # fmt: skip
    monday = TODAY - timedelta(days=TODAY.weekday())
    weeks = {row["when"] for row in records(opened(client, boss, f"{PAGE}?span=week"))}
    assert weeks <= {monday, monday - timedelta(days=7)}
    assert monday in weeks


@pytest.mark.parametrize("query", ["", "?by=team", "?span=day", "?span=week", "?by=team&span=day&type=churn_retention"])
def test_every_figure_opens_exactly_its_rows(client, floor, boss, work, query):
    OrderClock.objects.filter(order=work[1], kind="close").update(warn_at=None, due_at=NOW - MINUTE)
    page = opened(client, boss, PAGE + query)
    address = page.context["table"].address
    rows = records(page)
    assert rows
    assert sum(row["closed_late"] for row in rows) == 1
    for row in rows:
        for name in FIGURES:
            shown = opened(client, boss, address(row, name))
            assert shown.context["table"].paginator.count == row[name], (row["who"], name)
    for card in page.context["cards"]:
        assert opened(client, boss, card["href"]).context["table"].paginator.count == card["value"]


def test_a_corrected_contact_is_not_counted_twice(client, floor, boss):
    team, (ana, _ben) = floor
    (order,) = make_orders(1, team=team)
    call(order, ana, "refused", at=NOW)
    with clock.freeze(NOW + 5 * MINUTE):
        reopen(order_no=order.order_no, agent=ana, now=NOW + 5 * MINUTE)
        record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW + 6 * MINUTE)
    (row,) = records(opened(client, boss, PAGE))
    assert (row["contacts"], row["kept"], row["closed"]) == (1, 1, 1)
    assert row["handling"] is None  # the second save had no call of its own


def test_pauses_by_reason_open_their_rows(client, floor, boss):
    install_pause_codes()
    _team, (ana, ben) = floor
    begin_pause(agent=ana, code="lunch", now=NOW)
    begin_pause(agent=ana, code="coaching", now=NOW + 30 * MINUTE)
    end_pause(agent=ana, now=NOW + 50 * MINUTE)
    begin_pause(agent=ben, code="break", now=NOW + 3 * HOUR - 10 * MINUTE)
    page = opened(client, boss, PAGE)
    assert {row["who"]: row["paused"] for row in records(page)} == {ana.username: 3000, ben.username: 600}
    sums = [row.record for row in page.context["pause_table"].rows]
    assert [(one["who"], one["code"], one["count"], one["seconds"]) for one in sums] == [
        (ana.username, "lunch", 1, 1800), (ana.username, "coaching", 1, 1200), (ben.username, "break", 1, 600)
    ]  # fmt: skip
    for one in sums:
        shown = opened(client, boss, page.context["table"].address(one, "seconds"))
        assert shown.context["table"].paginator.count == one["count"]


NOTE = "Pauses of somebody in several groups are in the row of each; the figure “Paused” has every pause once."


def test_a_pause_of_somebody_in_two_groups_is_once_in_the_total(client, floor, boss):
    install_pause_codes()
    team, (ana, ben) = floor
    make_orders(1, team=team)
    other = make_team(code="SECOND", branch=team.branch)
    for person in (ana, boss):
        person.teams.add(other)
    begin_pause(agent=ana, code="lunch", now=NOW)
    end_pause(agent=ana, now=NOW + 30 * MINUTE)
    begin_pause(agent=ben, code="break", now=NOW)
    end_pause(agent=ben, now=NOW + 10 * MINUTE)
    page = opened(client, boss, f"{PAGE}?by=team")
    assert {row["who"]: row["paused"] for row in records(page)} == {team.code: 2400, other.code: 1800}
    for query, says in (("?by=team", True), ("", False), (f"?by=team&team={other.code}", False)):
        page = opened(client, boss, PAGE + query)
        (card,) = [one for one in page.context["cards"] if one["measure"] == "performance.paused"]
        shown = records(opened(client, boss, card["href"]))
        assert card["value"] == sum(one.length_so_far.total_seconds() for one in shown), query
        assert (NOTE in page.text) is says, query
    assert card["value"] == 1800
    by_type = opened(client, boss, f"{PAGE}?by=team&type=churn_retention")
    assert "performance.paused" not in {one["measure"] for one in by_type.context["cards"]}, "pauses belong to no order"


def test_nobody_sees_the_work_of_other_groups(client, floor, boss, work):
    stranger = make_user(role="supervisor", branch=floor[0].branch, teams=(make_floor()[0],))
    page = opened(client, stranger, PAGE)
    assert records(page) == []
    assert all(not card["value"] for card in page.context["cards"])
    assert records(opened(client, stranger, f"{reverse('performance:contacts')}?agent={floor[1][0].username}")) == []


def test_days_that_make_no_sense_are_named_at_their_field(client, boss):
    page = opened(client, boss, f"{PAGE}?after=2026-05-01&before=2026-04-01")
    assert page.context["form"].errors["before"] == ["The last day lies before the first."]
    page = opened(client, boss, f"{PAGE}?after=2020-05-01&before=2026-04-01")
    assert "after" in page.context["form"].errors
    assert (page.context["period"].last - page.context["period"].first).days == 6


def test_the_export_has_the_figures(client, floor, boss, work):
    head, *lines = exported(client, boss, f"{PAGE}?export=csv")
    assert head.startswith("Agent,Contacts,Connected,Right party reached")
    assert len(lines) == 2


def test_a_closed_order_shows_finds_and_exports_who_did_it(client, floor, boss, work):
    _team, (ana, ben) = floor
    with clock.freeze(NOW + 2 * HOUR):
        cancel(order_nos=[work[4].order_no], actor=boss, reason="Double", now=NOW + 2 * HOUR)
    page = opened(client, boss, f"{BOARD}?state=any&done_by={ben.username}")
    # what ana had begun and ben ended is ben's; what the supervisor cancelled stays ben's
    assert {row.order_no for row in records(page)} == {work[2].order_no, work[4].order_no}
    assert {row.get_cell("done_by") for row in page.context["table"].paginated_rows} == {ben.display_name}
    found = {row.order_no for row in records(opened(client, boss, f"{BOARD}?state=done&done_by={ana.username}"))}
    assert found == {work[0].order_no, work[1].order_no, work[3].order_no}
    lines = dict(line.split(",", 1) for line in exported(client, boss, f"{BOARD}?state=done&export=csv"))
    place = lines["Order"].split(",").index("Done by")
    assert lines[work[2].order_no].split(",")[place] == ben.display_name


def test_addresses_carry_the_filters(client, floor, boss, work):
    page = opened(client, boss, f"{PAGE}?type=churn_retention&span=day")
    (row, *_rest) = records(page)
    asked = dict(parse_qsl(urlsplit(page.context["table"].address(row, "kept")).query))
    day = row["when"].isoformat()
    expected = {"after": day, "before": day, "agent": row["who"], "type": "churn_retention", "counted": "kept"}
    assert asked == expected
