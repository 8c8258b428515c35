"""While an agent is away the cover has what is not begun; it comes back after; promises are handed over by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.accounts.services.staff import save_staff
from retention.core.errors import Invalid, NotFound, Refused
from tests.factories import NOW, TODAY, make_user
from tests.workorders.allocation.rows import make_owner, make_rule
from tests.workorders.rows import DAY, HOUR, make_floor, make_hit, make_line, make_orders, open_orders
from workorders.absences.services import covering, recording
from workorders.allocation.models import Absence
from workorders.orders.explanations import why_nothing, why_this_order
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.drafts import save_draft
from workorders.orders.services.outcomes import start
from workorders.supervision.services import reassign

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def floor():
    return make_floor(3)


@pytest.fixture
def boss(floor):
    return make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))


def absent(boss, agent, *, cover=None, first=TODAY, last=TODAY, at=NOW) -> Absence:
    values = {"agent": agent, "first_day": first, "last_day": last, "reason": "leave", "cover": cover}
    return recording.record_absence(actor=boss, values=values, now=at)


def give(boss, orders, agent) -> None:
    reassign(order_nos=[one.order_no for one in orders], actor=boss, agent=agent, now=NOW)


def holders() -> list:
    return [one.assignee for one in WorkOrder.objects.select_related("assignee").order_by("pk")]


def test_orders_that_are_not_begun_go_to_the_cover_and_come_back(floor, boss):
    team, (ana, ben, _cid) = floor
    orders = make_orders(3, team=team)
    give(boss, orders, ana)
    begun = claim_next(agent=ana, now=NOW)
    absence = absent(boss, ana, cover=ben)
    assert holders() == [ana, ben, ben]
    claim_next(agent=ben, now=NOW)
    taken = WorkOrder.objects.on_desk().get(assignee=ben)
    assert why_this_order(taken)[0] == f"You cover for {ana.display_name}."
    assert covering.cover_absences(now=NOW + DAY) == (0, 1)
    absence.refresh_from_db()
    assert absence.ended
    untouched = [one for one in orders if one not in (begun, taken)]
    assert WorkOrder.objects.get(pk=untouched[0].pk).assignee == ana
    assert WorkOrder.objects.get(pk=taken.pk).assignee == ben
    moves = Transition.objects.filter(order=untouched[0]).order_by("version").values_list("move", flat=True)
    assert list(moves) == ["open", "assign", "cover", "come_back"]


def test_without_a_cover_the_group_has_them(floor, boss):
    team, (ana, ben, _cid) = floor
    give(boss, make_orders(2, team=team), ana)
    absent(boss, ana)
    assert holders() == [None, None]
    first = claim_next(agent=ben, now=NOW)
    assert covering.cover_absences(now=NOW + DAY) == (0, 1)
    assert sorted(holders(), key=lambda one: one.pk) == [ana, ben]
    assert WorkOrder.objects.get(pk=first.pk).assignee == ben


def test_an_absence_that_is_planned_moves_nothing_before_its_day(floor, boss):
    team, (ana, ben, _cid) = floor
    give(boss, make_orders(1, team=team), ana)
    absent(boss, ana, cover=ben, first=TOMORROW, last=TOMORROW)
    assert covering.cover_absences(now=NOW) == (0, 0)
    assert holders() == [ana]
    assert covering.cover_absences(now=NOW + DAY) == (1, 0)
    assert covering.cover_absences(now=NOW + DAY) == (0, 0)
    assert holders() == [ben]


def test_who_is_absent_is_given_nothing_and_is_told_until_when(floor, boss):
    team, (ana, ben, _cid) = floor
    make_orders(1, team=team)
    absent(boss, ana)
    assert claim_next(agent=ana, now=NOW) is None
    assert "recorded as absent until" in why_nothing(ana, now=NOW)
    assert claim_next(agent=ana, now=NOW + DAY) is not None


def test_the_cover_has_new_orders_of_the_owners_customers_too(floor, boss):
    team, (ana, ben, cid) = floor
    line = make_line(branch=team.branch)
    make_owner(ana, line)
    make_rule(branch=team.branch, to_owner=True)
    (order,) = open_orders(make_hit(subscriber=line))
    assert claim_next(agent=ben, now=NOW) is None
    absent(boss, ana, cover=ben)
    assert claim_next(agent=cid, now=NOW) is None
    assert claim_next(agent=ben, now=NOW) == order


def test_a_cover_who_is_deactivated_leaves_it_to_the_group(floor, boss):
    team, (ana, ben, _cid) = floor
    first, second = make_orders(2, team=team)
    give(boss, [first], ana)
    absence = absent(boss, ana, cover=ben)
    ben.is_active = False
    save_staff(user=ben, actor=make_user(role="administrator"), changed=["is_active"], now=NOW)
    assert holders() == [None, None]
    give(boss, [second], ana)
    absence = Absence.objects.select_related("agent", "cover").get(pk=absence.pk)
    assert covering.usable_cover(absence, now=NOW) is None
    covering.cover_absences(now=NOW)
    assert holders() == [None, None]


def test_promises_in_the_absence_are_handed_over_with_one_press(client, floor, boss):
    team, (ana, ben, _cid) = floor
    inside, outside = make_orders(2, team=team)
    WorkOrder.objects.filter(pk=inside.pk).update(state="waiting", assignee=ana, appointment_at=NOW + HOUR)
    WorkOrder.objects.filter(pk=outside.pk).update(state="waiting", assignee=ana, appointment_at=NOW + 3 * DAY)
    absence = absent(boss, ana, cover=ben)
    client.force_login(boss)
    with clock.freeze(NOW):
        page = client.get(reverse("absences:edit", args=[absence.pk])).text
        assert inside.order_no in page
        assert outside.order_no not in page
        said = client.post(reverse("absences:hand-over", args=[absence.pk]), follow=True).text
    assert "1 promise was handed over." in said
    inside.refresh_from_db()
    outside.refresh_from_db()
    assert (inside.assignee, inside.state, inside.not_before) == (ben, "assigned", NOW + HOUR)
    assert outside.assignee == ana


def test_ending_an_absence_early_brings_back_at_once(floor, boss):
    team, (ana, ben, _cid) = floor
    give(boss, make_orders(1, team=team), ana)
    absence = absent(boss, ana, cover=ben)
    assert recording.end_absence(actor=boss, pk=absence.pk, now=NOW) == 1
    assert holders() == [ana]
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first": TOMORROW, "last": TODAY}, "last_day"),
        ({"first": TODAY - timedelta(days=5), "last": TODAY - timedelta(days=1)}, "last_day"),
        ({"last": TODAY + timedelta(days=400)}, "last_day"),
    ],
)
def test_impossible_days_are_refused(floor, boss, given, field):
    with pytest.raises(Invalid) as error:
        absent(boss, floor[1][0], **given)
    assert error.value.details[0]["field"] == field


def test_impossible_people_are_refused(floor, boss):
    ana, ben, cid = floor[1]
    absent(boss, ben, first=TOMORROW, last=TOMORROW)
    gone = make_user(role="agent", branch=floor[0].branch, teams=(floor[0],), is_active=False)
    for given, field in (
        ({"agent": ben, "first": TOMORROW, "last": TOMORROW}, "first_day"),
        ({"agent": ana, "cover": ben, "last": TOMORROW}, "cover"),
        ({"agent": ana, "cover": gone}, "cover"),
        ({"agent": ana, "cover": ana}, "cover"),
        ({"agent": make_user(role="agent")}, "agent"),
    ):
        with pytest.raises(Invalid) as error:
            absent(boss, **given)
        assert error.value.details[0]["field"] == field
    with pytest.raises(Refused):
        absent(cid, ana)
    stranger = make_user(role="supervisor")
    with pytest.raises(NotFound):
        recording.end_absence(actor=stranger, pk=Absence.objects.get().pk, now=NOW)


def test_the_form_says_what_is_wrong_and_saves_what_is_right(client, floor, boss):
    ana, ben, _cid = floor[1]
    client.force_login(boss)
    sent = {
        "agent": ana.pk,
        "first_day": TODAY.isoformat(),
        "last_day": "2026-01-01",
        "reason": "sick",
        "cover": ben.pk,
    }
    with clock.freeze(NOW):
        assert client.post(reverse("absences:new"), sent).status_code == 422
        done = client.post(reverse("absences:new"), sent | {"last_day": TOMORROW.isoformat()}, follow=True)
        listed = client.get(reverse("absences:list")).text
        shown = client.get(reverse("core:person", args=[ana.username])).text
    assert done.status_code == 200
    assert ana.display_name in listed
    assert "Absences, and what leaving would move" in shown


def test_two_who_change_one_absence_see_both_versions(client, floor, boss):
    ana, ben, cid = floor[1]
    absence = absent(boss, ana, cover=ben, first=TOMORROW, last=TOMORROW)
    client.force_login(boss)
    address = reverse("absences:edit", args=[absence.pk])
    with clock.freeze(NOW):
        page = client.get(address)
        seen = page.context["form"]["seen"].value()
        Absence.objects.update(cover=cid)
        sent = {"first_day": TOMORROW, "last_day": TOMORROW, "reason": "trip", "cover": "", "seen": seen}
        answer = client.post(address, sent)
    assert answer.status_code == 409
    absence.refresh_from_db()
    assert absence.cover == cid


def test_who_is_deactivated_in_a_call_leaves_the_order_with_what_was_typed(floor, boss):
    team, (ana, ben, _cid) = floor
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    start(order_no=order.order_no, agent=ana, version=None, now=NOW)
    save_draft(order=order, user=ana, content={"note": "Wants a cheaper plan"}, now=NOW, known=None)
    ana.is_active = False
    save_staff(user=ana, actor=make_user(role="administrator"), changed=["is_active"], now=NOW)
    order.refresh_from_db()
    assert (order.state, order.assignee, order.lease_until) == ("queued", None, None)
    assert Transition.objects.filter(order=order).latest("version").move == "leave"
    assert "Wants a cheaper plan" in order.notes.get().text
    assert claim_next(agent=ben, now=NOW) == order
