"""Circles night by night, from facts as they come."""

from datetime import date, timedelta

import pytest

from customers.circles.models import Circle, CircleMember, CircleMonth
from customers.circles.services import CirclesReport
from customers.facts.models import CustomerGroup, Tie
from tests.customers.circles.circle_rows import (
    AS_OF,
    NOVEMBER,
    OCTOBER,
    beside,
    both,
    call,
    circles,
    line,
    record,
    the_circle,
    together,
)

pytestmark = pytest.mark.django_db
DECEMBER_NIGHT = date(2026, 12, 3)


def test_a_couple_its_second_line_and_its_landline_are_one_household():
    anna, ben = line("anna"), line("ben")
    beside(anna, "anna2")
    beside(ben, "", line_type="broadband")
    both(anna, ben, 15)
    call(anna, "stranger", 30, network="rival")
    call(ben, "stranger", 3, network="rival")
    call(ben, "aunt", 8)
    report = record()
    assert (report.circles, report.grouped) == (1, True)
    circle = the_circle()
    assert (circle.kind, circle.since) == ("household", OCTOBER)
    assert (circle.lines, circle.mobiles, circle.broadbands, circle.customers, circle.accounts) == (4, 3, 1, 2, 2)
    assert (circle.contacts, circle.rivals, circle.rival_share) == (2, 1, 0.5), "the stranger counts once"
    assert (circle.left_90d, circle.has_bundle, circle.bundle_reason) == (0, False, "")


def test_without_ties_accounts_bundles_and_families_still_make_circles():
    one = line("one")
    beside(one, "one2")
    line("far", bundle_no="D1"), line("away", bundle_no="D1")
    family = CustomerGroup.objects.create(group_no="G1", name="Li", kind="family")
    vpn = CustomerGroup.objects.create(group_no="G2", name="Works", kind="enterprise_vpn")
    for name in ("mother", "son"):
        line(name, group=family)
    for name in ("boss", "clerk"):
        line(name, group=vpn)
    record()
    assert together() == [{"away", "far"}, {"mother", "son"}, {"one", "one2"}]
    assert CircleMonth.objects.get().month == OCTOBER
    assert set(Circle.objects.values_list("contacts", "has_bundle")) == {(None, True), (None, False)}


def test_a_hub_that_calls_back_its_best_customer_glues_nobody_together():
    hub, callers = line("taxi"), [line(f"caller{n}") for n in range(12)]
    for place, one in enumerate(callers):
        call(one, hub, 9)
        call(hub, one, 40 - place)
    record()
    assert together() == []


def test_unknown_numbers_a_tie_with_itself_and_lines_without_a_hash_are_no_circle():
    one, two = line("one"), line("")
    call(one, "one", 50)
    call(one, "nobody", 50)
    call(two, "one", 50)
    call(one, "", 50)
    assert record().circles == 0


def test_a_number_used_again_means_the_line_that_had_it_in_the_month():
    friend = line("friend")
    line("number", status="terminated", terminated_on=date(2026, 9, 10), activated_on=date(2020, 1, 1))
    now = line("number", activated_on=date(2026, 9, 20))
    both(friend, now)
    record()
    assert set(CircleMember.objects.values_list("subscriber_id", flat=True)) == {friend.pk, now.pk}


def test_who_opts_out_of_profiling_is_in_no_circle_from_the_next_night_on():
    one, two = line("one"), line("two")
    both(one, two)
    record()
    assert together() == [{"one", "two"}]
    type(two.account.customer).objects.filter(pk=two.account.customer_id).update(profiling_opt_out=True)
    record(AS_OF + timedelta(days=1))
    assert not CircleMember.objects.filter(subscriber=two).exists()
    assert the_circle().lines == 1
    call(one, "stranger", month=NOVEMBER)
    record(DECEMBER_NIGHT)
    assert together() == []


def test_a_second_run_changes_nothing():
    one, two = line("one"), line("two")
    both(one, two)
    record()
    kept = list(CircleMember.objects.values()), list(Circle.objects.values())
    assert record() == CirclesReport(rows=0, circles=1, candidates=0, grouped=False)
    assert record(AS_OF + timedelta(days=1)).rows == 0
    CircleMonth.objects.update(digest="another")
    assert record(AS_OF + timedelta(days=1)).grouped
    assert kept == (list(CircleMember.objects.values()), list(Circle.objects.values()))


def test_ties_that_come_later_change_the_circles_of_the_same_month_and_leave_no_trace():
    one, two, three = line("one"), line("two"), line("three")
    both(one, two)
    record()
    number = the_circle().pk
    both(two, three), both(one, three)
    assert record(AS_OF + timedelta(days=1)).grouped
    assert circles() == {str(number): {"one", "two", "three"}}
    Tie.objects.filter(subscriber=three).delete()
    Tie.objects.filter(other_hash="three").delete()
    record(AS_OF + timedelta(days=2))
    assert circles() == {str(number): {"one", "two"}}
    assert CircleMember.objects.count() == 2


def test_a_contact_that_went_to_a_rival_counts_as_such_when_the_tie_is_corrected():
    one, two = line("one"), line("two")
    both(one, two)
    tie = call(one, "stranger")
    record()
    assert (the_circle().contacts, the_circle().rivals) == (1, 0)
    Tie.objects.filter(pk=tie.pk).update(network="rival")
    assert record(AS_OF + timedelta(days=1)).grouped
    assert (the_circle().contacts, the_circle().rivals) == (1, 1)


def test_a_month_that_comes_out_of_order_changes_nothing():
    one, two = line("one"), line("two")
    both(one, two)
    record()
    call(one, "two", 1, month=date(2026, 8, 1))
    both(one, line("three"), month=date(2026, 9, 1))
    both(one, line("four"), month=NOVEMBER)
    report = record(AS_OF + timedelta(days=1))
    assert (report.grouped, together()) == (False, [{"one", "two"}])
    assert record(AS_OF - timedelta(days=1)) == CirclesReport(), "a night before the last grouping"


def test_circles_keep_their_number_and_the_month_in_which_lines_came_and_went():
    names = [line(name) for name in ("one", "two", "three")]
    for month, members in ((OCTOBER, names), (NOVEMBER, [*names[:2], line("four")])):
        for place, one in enumerate(members):
            for other in members[place + 1 :]:
                both(one, other, month=month)
    record()
    number = the_circle().pk
    record(DECEMBER_NIGHT)
    assert circles() == {str(number): {"one", "two", "four"}}
    rows = CircleMember.objects.values_list("subscriber__number_hash", "since", "until")
    assert sorted(rows, key=str) == [
        ("four", NOVEMBER, None), ("one", OCTOBER, None), ("three", OCTOBER, NOVEMBER), ("two", OCTOBER, None),
    ]  # fmt: skip


def test_a_member_that_leaves_is_missed_for_90_days_by_those_who_stay():
    one, two = line("one"), line("two")
    both(one, two)
    record()
    two.status, two.terminated_on = "terminated", date(2026, 11, 10)
    two.save()
    record(date(2026, 11, 12))
    assert (the_circle().lines, the_circle().left_90d) == (1, 1)
    call(one, "stranger", month=NOVEMBER)
    record(DECEMBER_NIGHT)
    assert (the_circle().lines, the_circle().left_90d) == (1, 1)
    call(one, "stranger", month=date(2027, 1, 1))
    record(date(2027, 2, 7))
    assert the_circle().left_90d == 1
    call(one, "stranger", month=date(2027, 2, 1))
    record(date(2027, 3, 7))
    assert not Circle.objects.standing().exists()
    assert Circle.objects.get().until == date(2027, 2, 1)


def test_who_moved_to_another_circle_before_leaving_is_not_missed_by_the_first():
    first, second = [line("a"), line("b"), line("c")], [line("x"), line("y")]
    mover = line("m")
    for month, home in ((OCTOBER, first), (NOVEMBER, second)):
        for members in (first, second):
            group = [*members, mover] if members is home else members
            for place, one in enumerate(group):
                for other in group[place + 1 :]:
                    both(one, other, month=month)
    record()
    record(DECEMBER_NIGHT)
    mover.status, mover.terminated_on = "terminated", date(2026, 12, 20)
    mover.save()
    record(date(2026, 12, 22))
    left = {min(names): Circle.objects.get(pk=number).left_90d for number, names in circles().items()}
    assert left == {"a": 0, "m": 1}


def test_a_firm_is_one_circle_of_any_size_and_a_dealer_with_private_lines_is_none():
    firm = line("f0")
    customers = type(firm.account.customer).objects
    customers.filter(pk=firm.account.customer_id).update(kind="enterprise")
    dealer = line("d0")
    for number in range(1, 25):
        beside(firm, f"f{number}")
        beside(dealer, f"d{number}")
    record()
    assert (the_circle().kind, the_circle().lines) == ("enterprise", 25)
