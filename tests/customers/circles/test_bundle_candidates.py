"""Which bundle suits a circle, what it costs, whom to speak to, in words."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from customers.circles.text import format_bundle, format_circle, format_left, format_outside
from customers.profile.models import SubscriberProfile
from customers.profile.services import build_profile
from tests.customers.circles.circle_rows import AS_OF, beside, both, call, line, record, sell_bundles, the_circle
from tests.factories import make_bill, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans():
    return sell_bundles()


def household(plans, *, paid=(110, 60), broadband_paid: int | None = 50, speed: int = 100):
    """Two mobile lines of two customers, broadband on the account of the first."""
    lines = [line(name) for name in ("anna", "ben")]
    both(*lines)
    for one, total in zip(lines, paid, strict=True):
        bill(one, total)
    if broadband_paid is not None:
        lines.append(beside(lines[0], "", line_type="broadband", plan=plans["B100"], bandwidth_mbps=speed))
        bill(lines[-1], broadband_paid)
    return lines


def bill(one, total: int) -> None:
    for month in (8, 9, 10):
        make_bill(subscriber=one, month=date(2026, month, 1), total=total)


def test_the_dearest_bundle_that_costs_no_more_than_its_two_lines_is_proposed(plans):
    anna, _ben, _broadband = household(plans)
    assert record().candidates == 1
    circle = the_circle()
    assert (circle.bundle_reason, circle.bundle_plan) == ("mobile_broadband", plans["R129"])
    assert (circle.paid, circle.bundle_cost, circle.bundle_saving) == (160, 139, 21)
    assert (circle.spend, circle.lead_id, circle.branch_id) == (220, anna.pk, anna.branch_id)
    with translation.override("en"):
        assert format_circle(circle) == "Household of 3 lines, 2 customers"
        assert format_bundle(circle, amounts=True) == (
            "2 mobile lines and 1 broadband line of one household, without a bundle. The mobile line that pays most and"
            " the broadband line pay ¥160.00 a month together; Bundle 129 costs ¥139.00 for both."
        )
        assert "160" not in format_bundle(circle, amounts=False)
    with translation.override("zh-hans"):
        assert format_circle(circle) == "家庭圈：3 个用户，2 个客户"
        assert format_bundle(circle, amounts=True) == (
            "同一家庭有 2 个移动用户、1 个宽带用户，未办理融合套餐。 消费最高的移动用户与宽带每月合计 ¥160.00，"
            "办理Bundle 129两项共 ¥139.00。"
        )


def test_households_without_broadband_are_weighed_against_a_broadband_line_beside(plans):
    household(plans, paid=(129, 60), broadband_paid=None)
    record()
    circle = the_circle()
    assert (circle.bundle_reason, circle.bundle_plan) == ("no_broadband", plans["R169"])
    assert (circle.paid, circle.bundle_cost, circle.bundle_saving) == (129, 179, 0)
    with translation.override("en"):
        assert format_bundle(circle, amounts=True) == (
            "2 mobile lines of one household, no broadband and no bundle. The line that pays most pays ¥129.00 a month;"
            " Bundle 169 costs ¥179.00 with broadband, ¥0.00 less than with a broadband line beside it."
        )
    with translation.override("zh-hans"):
        assert "无宽带，也未办理融合套餐" in format_bundle(circle, amounts=False)


@pytest.mark.parametrize(
    ("given", "change"),
    [
        ({"paid": (80, 60)}, {}),
        ({"speed": 500}, {}),
        ({"broadband_paid": None, "paid": (60, 60)}, {}),
        ({}, {"bundle_no": "D1"}),
        ({}, {"status": "stopped"}),
    ],
)
def test_no_candidate_where_the_bundle_is_dearer_slower_or_there_already(plans, given, change):
    lines = household(plans, **given)
    type(lines[2 if len(lines) > 2 else 0]).objects.filter(pk=lines[-1].pk).update(**change or {"channel": "hall"})
    assert record().candidates == 0
    assert (the_circle().bundle_reason, the_circle().bundle_saving) == ("", None)


def test_bundles_no_longer_sold_restricted_or_for_firms_are_not_proposed(plans):
    household(plans)
    type(plans["R129"]).objects.filter(code="R129").update(on_sale_until=AS_OF - timedelta(days=1))
    make_plan(code="STAFF", is_bundle=True, monthly_fee=149, is_restricted=True)
    make_plan(code="FIRM", is_bundle=True, monthly_fee=149, market="business")
    assert record().candidates == 0


def test_a_firm_is_proposed_a_bundle_of_its_market_and_friends_are_proposed_none(plans):
    firm = line("firm")
    type(firm.account.customer).objects.filter(pk=firm.account.customer_id).update(kind="enterprise")
    bill(firm, 150)
    bill(beside(firm, "", line_type="broadband", plan=plans["B100"]), 50)
    make_plan(code="FIRM", name="Office", is_bundle=True, monthly_fee=180, market="business")
    friends = [line(name) for name in "abc"]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        both(friends[one], friends[other], 5)
    for one in friends:
        bill(one, 300)
    assert record().candidates == 1
    circle = type(the_circle_of(firm)).objects.get(bundle_reason="mobile_broadband")
    assert (circle.kind, circle.bundle_plan.code, circle.bundle_cost) == ("enterprise", "FIRM", 180)
    with translation.override("en"):
        assert format_bundle(circle, amounts=True).startswith("1 mobile line and 1 broadband line of one firm")


def the_circle_of(one):
    return one.circle_memberships.get().circle


def test_a_taken_bundle_ends_the_candidate_the_next_night(plans):
    anna, _ben, broadband = household(plans)
    record()
    type(anna).objects.filter(pk__in=[anna.pk, broadband.pk]).update(bundle_no="D9")
    report = record(AS_OF + timedelta(days=1))
    assert (report.rows, report.candidates, report.grouped) == (1, 0, False)
    assert the_circle().has_bundle


def test_the_profile_carries_the_circle_and_one_line_of_it_to_speak_to(plans):
    lines = household(plans)
    call(lines[0], "rival", network="rival")
    call(lines[1], "own")
    record()
    build_profile(as_of=AS_OF, force=True)
    profiles = [SubscriberProfile.objects.get(subscriber=one) for one in lines]
    assert [one.bundle_lead for one in profiles] == [True, False, False]
    for one in profiles:
        assert (one.circle_kind, one.circle_lines, one.circle_left_90d) == ("household", 3, 0)
        assert one.circle_outside_rival_share == 0.5
        assert (one.bundle_candidate, one.bundle_reason, one.bundle_saving) == (True, "mobile_broadband", 21)


def test_a_line_without_a_circle_is_no_candidate(db):
    alone = line("alone")
    record()
    build_profile(as_of=AS_OF, force=True)
    profile = SubscriberProfile.objects.get(subscriber=alone)
    assert (profile.circle_kind, profile.circle_lines) == (None, None)
    assert (profile.bundle_candidate, profile.bundle_lead) == (False, False)


def test_what_is_not_known_or_not_so_is_not_said(plans):
    household(plans, broadband_paid=None, paid=(20, 20))
    record()
    circle = the_circle()
    with translation.override("en"):
        assert (format_left(circle), format_bundle(circle, amounts=True)) == ("", "")
        assert format_outside(circle) == ""
