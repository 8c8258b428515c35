"""The task log: every line of the trails that a person may see, by days, and by what is asked for."""

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, TODAY, make_user
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_orders
from workorders.orders.models import Transition
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome, start
from workorders.orders.services.skipping import skip
from workorders.orders.states import ENTRIES, MOVES
from workorders.supervision.services import cancel, reassign
from workorders.task_log.forms import MOVE_CHOICES

pytestmark = pytest.mark.django_db
LOG = reverse("task_log:log")


def opened(client, person, query="", at=NOW + 3 * HOUR):
    client.force_login(person)
    with clock.freeze(at):
        return client.get(LOG + query)


def lines(page) -> list[Transition]:
    return [row.record for row in page.context["table"].paginated_rows]


def cells(page, name) -> list[str]:
    return [str(row.get_cell(name)) for row in page.context["table"].paginated_rows]


@pytest.fixture
def work(floor, boss):
    """Yesterday three orders are opened. Today ana retains one, one goes to ben, and one is cancelled."""
    team, (ana, ben) = floor
    orders = make_orders(3, team=team, now=NOW - DAY)
    claim_next(agent=ana, now=NOW)
    start(order_no=orders[0].order_no, agent=ana, version=None, now=NOW + MINUTE)
    record_outcome(order_no=orders[0].order_no, agent=ana, disposition="retained", version=None, now=NOW + 2 * MINUTE)
    reassign(order_nos=[orders[1].order_no], actor=boss, agent=ben, now=NOW + 3 * MINUTE)
    cancel(order_nos=[orders[2].order_no], actor=boss, reason="Paid already", now=NOW + 4 * MINUTE)
    return orders


def test_today_is_shown_newest_first_in_words(client, floor, boss, work):
    page = opened(client, boss)
    assert [(one.order_id, one.move) for one in lines(page)] == [
        (work[2].pk, "cancel"), (work[1].pk, "assign"), (work[0].pk, "complete"), (work[0].pk, "start"),
        (work[0].pk, "claim"),
    ]  # fmt: skip
    assert cells(page, "move")[2:] == ["Complete", "Call started", "Taken by the agent"]
    assert cells(page, "who")[:3] == [boss.display_name, boss.display_name, floor[1][0].display_name]
    assert "Paid already" in cells(page, "details")[0]
    assert floor[1][1].username in cells(page, "details")[1]
    assert cells(page, "outcome")[2] == lines(page)[2].disposition.title
    customer = work[0].customer
    assert (cells(page, "customer_no")[2], customer.name in cells(page, "customer")[2]) == (customer.customer_no, True)


def test_a_line_leads_from_where_the_one_before_it_led_to(client, boss, work):
    page = opened(client, boss, f"?q={work[0].order_no}")
    before, after = cells(page, "before"), cells(page, "after")
    assert before[:-1] == after[1:]
    assert before[-1] == "–"


def test_one_order_without_days_shows_its_whole_trail(client, boss, work):
    found = lines(opened(client, boss, f"?q={work[0].order_no}"))
    assert [one.version for one in found] == [4, 3, 2, 1]
    page = opened(client, boss, f"?q={work[0].order_no}&after={TODAY.isoformat()}")
    assert [one.move for one in lines(page)] == ["complete", "start", "claim"]
    shown = client.get(reverse("workorders:order", args=[work[0].order_no])).text
    assert f"{LOG}?q={work[0].order_no}" in shown


@pytest.mark.parametrize(
    ("query", "moves"),
    [
        ("?move=assign", ["assign"]),
        ("?move=open", []),
        ("?type=churn_retention", ["cancel", "assign", "complete", "start", "claim"]),
        ("?type=renewal", []),
        ("?agent={ana}", ["complete", "start", "claim"]),
        ("?team={team}&move=cancel", ["cancel"]),
        ("?after={yesterday}&before={yesterday}", ["open", "open", "open"]),
    ],
)
def test_filters_stand_in_the_address(client, floor, boss, work, query, moves):
    team, (ana, _ben) = floor
    given = {"ana": ana.username, "team": team.code, "yesterday": (TODAY - DAY).isoformat()}
    assert [one.move for one in lines(opened(client, boss, query.format(**given)))] == moves


def test_a_skip_says_its_reason_in_words(client, floor, boss):
    _team, (ana, _ben) = floor
    (order,) = make_orders(1, team=floor[0])
    claim_next(agent=ana, now=NOW)
    skip(order_no=order.order_no, agent=ana, reason="acquainted", now=NOW + MINUTE)
    assert "I know this customer" in cells(opened(client, boss, "?move=skip"), "details")[0]


def test_every_move_and_entry_can_be_asked_for():
    assert {key for key, _label in MOVE_CHOICES} == {"", *MOVES, *ENTRIES}


def test_days_that_make_no_sense_are_named_at_their_field(client, boss, work):
    page = opened(client, boss, "?after=2026-05-01&before=2026-04-01")
    assert page.context["form"].errors["before"] == ["The last day lies before the first."]
    assert len(lines(page)) == 5
    page = opened(client, boss, "?after=2026-01-01&before=2026-06-01")
    assert page.context["form"].errors["after"] == ["At most 92 days at once."]
    assert "move" in opened(client, boss, "?move=fly").context["form"].errors


def test_nobody_sees_the_lines_of_orders_of_others(client, floor, boss, work):
    stranger = make_user(role="supervisor", branch=floor[0].branch, teams=(make_floor()[0],))
    assert lines(opened(client, stranger)) == []
    assert lines(opened(client, stranger, f"?q={work[0].order_no}")) == []
    assert len(lines(opened(client, make_user(role="manager", branch=floor[0].branch)))) == 5
    assert opened(client, floor[1][0]).status_code == 403


def test_the_export_has_the_lines_and_leaves_its_trace(client, boss, work):
    head, *rows = b"".join(opened(client, boss, "?export=csv")).decode("utf-8-sig").splitlines()
    assert head.startswith("Time,Order,Customer number,Customer,Type")
    assert len(rows) == 5
    assert work[2].order_no in rows[0] and "Paid already" in rows[0]
    assert AuditEntry.objects.filter(action="export", target="task-log").get().detail["rows"] == 5


def test_the_page_is_paged_and_takes_the_same_queries_for_more_lines(
    client, floor, boss, django_assert_max_num_queries
):
    make_orders(30, team=floor[0])
    opened(client, boss)
    with clock.freeze(NOW + 3 * HOUR), django_assert_max_num_queries(16):
        page = client.get(LOG)
    assert (len(lines(page)), page.context["table"].paginator.count) == (25, 30)
