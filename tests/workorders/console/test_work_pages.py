"""The pages of the work, asked as each role, with and without script."""

from datetime import timedelta

import pytest
from django.urls import reverse

from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, make_bill, make_list_entry, make_risk_score, make_ticket, make_usage_month, make_user
from tests.workorders.console.pages import address, text_of
from tests.workorders.rows import DAY, HOUR, MINUTE, make_floor, make_orders
from workorders.order_types.models import USUAL_LEASE
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.drafts import save_draft
from workorders.orders.services.outcomes import record_outcome
from workorders.orders.states import State
from workorders.supervision.services import reassign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def test_the_desk_shows_the_day_the_queue_and_the_appointments(client, ana, floor, order):
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", appointment_at=NOW + HOUR, version=None, now=NOW
    )
    make_orders(2, team=floor[0])
    page = client.get(reverse("workorders:console"))
    assert page.status_code == 200
    assert page.context["waiting"] == 2
    assert [row.record.order_no for row in page.context["appointments"].rows] == [order.order_no]
    assert page.context["today"].contacts == 1


def test_next_leads_to_the_call_screen_and_to_the_desk_when_nothing_waits(client, ana, floor):
    (order,) = make_orders(1, team=floor[0])
    assert client.post(reverse("workorders:next")).url == address("order", order)
    order.refresh_from_db()
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=None, now=NOW)
    assert client.post(reverse("workorders:next")).url == reverse("workorders:console")


def test_the_call_screen_says_who_why_and_how_but_never_the_number(client, ana, order):
    line = order.subscriber
    make_risk_score(subscriber=line)
    make_usage_month(subscriber=line, month=NOW.date())
    make_usage_month(subscriber=line, month=NOW.date() - timedelta(days=40), voice_out_s=90_000)
    make_bill(subscriber=line, month=NOW.date())
    make_ticket(subscriber=line)
    text = text_of(client.get(address("order", order)))
    assert line.account.customer.name in text
    assert "Spend fell 42% against the three months before" in text
    assert "Calls in fell 62% against the three months before" in text
    assert "Talk" not in order.type.script
    assert order.type.script.splitlines()[0] in text.replace("&#x27;", "'")
    assert 'data-key="Alt+1"' in text
    assert line.phone_number not in text
    assert "100****" in text


def test_a_number_stays_on_the_screen_of_the_order_it_was_shown_for(client, ana, order):
    line = order.subscriber
    client.post(reverse("customers:phone", args=[line.subscriber_no]), {"reason": "Call"})
    assert line.phone_number in text_of(client.get(address("order", order)))
    record_outcome(order_no=order.order_no, agent=ana, disposition="no_answer", version=None, now=NOW)
    with clock.freeze(NOW + 5 * HOUR):
        claim_next(agent=ana, now=NOW + 5 * HOUR)
        assert line.phone_number not in text_of(client.get(address("order", order)))


def test_looking_at_a_call_screen_is_written_to_the_audit_trail(client, ana, order):
    client.get(address("order", order))
    entry = AuditEntry.objects.get(action="customer.view")
    assert (entry.actor, entry.detail) == (ana, {"order": order.order_no})


def test_the_page_keeps_its_lease_and_hears_when_the_order_has_left(client, ana, boss, floor, order):
    with clock.freeze(NOW + MINUTE):
        assert client.post(address("beat", order)).status_code == 204
    order.refresh_from_db()
    assert order.lease_until == NOW + MINUTE + USUAL_LEASE
    reassign(order_nos=[order.order_no], agent=floor[1][1], actor=boss, now=NOW)
    gone = client.post(address("beat", order))
    assert gone.status_code == 409
    assert boss.username in text_of(gone)


def test_an_order_that_was_given_is_looked_at_first_and_then_taken(client, ana, boss, floor):
    (given,) = make_orders(1, team=floor[0])
    reassign(order_nos=[given.order_no], agent=ana, actor=boss, now=NOW)
    page = client.get(address("order", given))
    assert (page.context["can_save"], address("take", given) in text_of(page)) == (False, True)
    client.post(address("take", given))
    given.refresh_from_db()
    assert given.lease_until == NOW + USUAL_LEASE
    assert client.get(address("order", given)).context["can_save"]


def test_an_appointment_can_be_taken_before_its_time_unless_another_order_is_on_the_desk(client, ana, floor, order):
    record_outcome(
        order_no=order.order_no, agent=ana, disposition="callback", appointment_at=NOW + DAY, version=None, now=NOW
    )
    assert address("take", order) in text_of(client.get(address("order", order)))
    (other,) = make_orders(1, team=floor[0])
    claim_next(agent=ana, now=NOW)
    client.post(address("take", order))
    order.refresh_from_db()
    assert order.state == State.WAITING
    record_outcome(order_no=other.order_no, agent=ana, disposition="retained", version=None, now=NOW)
    client.post(address("take", order))
    order.refresh_from_db()
    assert (order.state, order.assignee) == (State.ASSIGNED, ana)


def test_the_screen_warns_when_the_customer_may_not_be_called_now(client, ana, order):
    make_list_entry(customer=order.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)
    assert "Do not call now: Do not disturb." in text_of(client.get(address("order", order)))
    with clock.freeze(NOW.replace(hour=21)):
        assert client.get(address("order", order)).context["barred"] is not None


def test_an_open_page_hears_that_the_customer_may_not_be_called_any_more(client, ana, order):
    line = order.subscriber
    client.post(reverse("customers:phone", args=[line.subscriber_no]), {"reason": "Call"})
    make_list_entry(customer=order.customer, kind=ListEntry.Kind.DO_NOT_DISTURB)
    beat = client.post(address("beat", order))
    assert (beat.status_code, "Do not call now: Do not disturb." in text_of(beat)) == (200, True)
    text = text_of(client.get(address("order", order)))
    assert line.phone_number not in text
    assert "Show number" not in text
    form = {"disposition": "callback", "appointment_at": "2026-11-21T10:30", "note": "Typed."}
    page = client.post(address("outcome", order), form)
    assert (page.status_code, "Do not disturb" in page.context["problems"]["disposition"]) == (422, True)
    assert client.post(address("outcome", order), form | {"disposition": "retained"}).status_code == 302


def test_the_desk_says_when_calls_are_allowed_again(client, ana, floor):
    make_orders(1, team=floor[0])
    with clock.freeze(NOW.replace(hour=21)):
        assert client.post(reverse("workorders:next")).url == reverse("workorders:console")
        text = text_of(client.get(reverse("workorders:console")))
    assert "calls are allowed again from 2026-11-21 09:00" in " ".join(text.split())


@pytest.mark.parametrize("name", ["order", "outcome", "start", "take", "draft", "beat"])
def test_a_foreign_order_is_not_found(client, order, name):
    stranger = make_floor()[1][0]
    client.force_login(stranger)
    ask = client.get if name == "order" else client.post
    assert ask(address(name, order)).status_code == 404


def test_an_agent_who_lost_an_order_may_not_open_it_again(client, ana, boss, floor, order):
    reassign(order_nos=[order.order_no], agent=floor[1][1], actor=boss, now=NOW)
    assert client.get(address("order", order)).status_code == 404


def test_supervisor_and_manager_see_the_order_without_the_form(client, boss, order):
    save_draft(order=order, user=order.assignee, content={"note": "not for others"}, now=NOW)
    for person in (boss, make_user(role="manager", branch=order.branch)):
        client.force_login(person)
        text = text_of(client.get(address("order", order)))
        assert "Take back" in text
        assert 'name="disposition"' not in text
        assert "not for others" not in text


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        ("manager", "workorders:console", 403),
        ("analyst", "workorders:console", 403),
        ("supervisor", "workorders:console", 200),
        ("agent", "workorders:supervise", 403),
        ("analyst", "workorders:supervise", 403),
        ("manager", "workorders:supervise", 200),
        ("administrator", "workorders:supervise", 200),
        ("manager", "workorders:mine", 403),
    ],
)
def test_each_role_has_its_pages(client, floor, role, name, status):
    client.force_login(make_user(role=role, branch=floor[0].branch))
    assert client.get(reverse(name)).status_code == status


def test_my_work_counts_today_and_each_day(client, ana, floor):
    make_orders(3, team=floor[0])
    for days, ending in ((3, "no_answer"), (0, "retained"), (0, "refused")):
        now = NOW - days * DAY
        order = claim_next(agent=ana, now=now)
        record_outcome(order_no=order.order_no, agent=ana, disposition=ending, version=None, now=now)
    page = client.get(reverse("workorders:mine"))
    assert (page.context["today"].contacts, page.context["today"].good) == (2, 1)
    assert [(row.record["contacts"], row.record["reached"]) for row in page.context["table"].rows] == [(2, 2), (1, 0)]
    assert len(page.context["ended"].rows) == 2
    assert page.context["ended"].rows[0].record.order.customer.name not in text_of(page)
    sheet = client.get(reverse("workorders:mine"), {"export": "csv"})
    assert b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()[1].split(",")[1] == "2"


def test_the_number_of_queries_of_a_page_does_not_grow(client, ana, boss, floor, django_assert_max_num_queries):
    make_orders(12, team=floor[0])
    for hours in range(1, 4):
        held, at = claim_next(agent=ana, now=NOW), NOW + hours * HOUR
        record_outcome(
            order_no=held.order_no, agent=ana, disposition="callback", appointment_at=at, version=None, now=NOW
        )
    held = claim_next(agent=ana, now=NOW)
    # One of them once a minute: that the agent is there; one each: stages that are barred, and the wrap-up.
    with django_assert_max_num_queries(19):
        client.get(reverse("workorders:console"))
    with django_assert_max_num_queries(35):
        client.get(address("order", held))
    client.force_login(boss)
    # Calls now, wrap-ups and skipped orders of all agents, types: one each; two for the targets of all agents.
    with django_assert_max_num_queries(37):
        client.get(reverse("workorders:supervise"))


def test_the_360_page_lists_the_orders_one_may_see(client, ana, order):
    page = client.get(reverse("customers:detail", args=[order.subscriber.subscriber_no]))
    assert order.order_no in text_of(page)


def test_an_order_number_in_the_search_box_leads_to_the_order(client, boss, order):
    client.force_login(boss)
    assert client.get(reverse("customers:list"), {"q": order.order_no}).url == address("order", order)


def test_the_call_screen_speaks_chinese(client, ana, order):
    ana.language = "zh-hans"
    ana.save()
    page = client.get(address("order", order), headers={"Accept-Language": "zh-hans"})
    assert "无人接听" in text_of(page)
    assert "您好，这里是客户服务中心" in text_of(page)


def test_the_list_of_an_agent_has_the_own_orders_and_what_waits_in_the_groups(client, floor):
    team, (agent, *_others) = floor
    mine, waiting = make_orders(2, team=team)
    reassign(order_nos=[mine.order_no], actor=make_user(role="manager", branch=team.branch), agent=agent, now=NOW)
    WorkOrder.objects.filter(pk=mine.pk).update(due_at=NOW - timedelta(days=2))
    client.force_login(agent)
    address = reverse("workorders:list")
    with clock.freeze(NOW):
        own, group = client.get(address).text, client.get(address, {"scope": "group"}).text
        late = client.get(address, {"due": "today"}).text
        desk = client.get(reverse("workorders:console")).text
    assert (mine.order_no in own, waiting.order_no in own) == (True, False)
    assert (mine.order_no in group, waiting.order_no in group) == (False, True)
    assert reverse("workorders:order", args=[waiting.order_no]) not in group
    assert waiting.customer.name not in group
    assert mine.order_no not in late
    assert "1 order is overdue" in desk
