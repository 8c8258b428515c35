"""The result of a campaign from its members and the facts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.evaluation.rules.verdicts import Verdict
from analytics.evaluation.text.results import format_result
from campaigns.campaigns.states import State
from campaigns.outreach.models import Contamination
from customers.contacts.models import ContactRecord
from retention.core import clock
from retention.core.accounts.roles import Role
from tests.analytics.evaluation.members import CONTROL, TREATED, counts, joined, result
from tests.campaigns.campaigns.rows import make_campaign
from tests.campaigns.offers.rows import make_offer
from tests.factories import NOW, TODAY, make_bill, make_contact, make_user, number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def test_members_count_in_the_windows_that_are_over(campaign, admin):
    joined(campaign, left_after=30)
    joined(campaign, left_after=31)
    joined(campaign, left_after=91)
    joined(campaign, left_after=5, ended="arrears")
    joined(campaign, arm=CONTROL, left_after=60)
    joined(campaign, arm=CONTROL, days_ago=45, wave=2)
    joined(campaign, days_ago=29, left_after=3, wave=3)
    found = result(campaign, admin)
    assert counts(found) == {30: ((4, 1), (2, 0)), 60: ((4, 2), (1, 1)), 90: ((4, 2), (1, 1))}
    assert (found.headline.treated.members, found.headline.treated.events) == (5, 3)  # so far, within 90 days
    assert found.standing.ends_on == TODAY - timedelta(days=29) + timedelta(days=90) and not found.standing.is_over


def test_both_arms_are_followed_from_the_first_day_of_their_wave(campaign, admin):
    joined(campaign, days_ago=40)
    joined(campaign, days_ago=20, left_after=2)  # its order came later; the wave is the same
    joined(campaign, arm=CONTROL, days_ago=40, left_after=30)
    joined(campaign, arm=CONTROL, days_ago=40, left_after=-1)  # had left before: in neither arm
    assert counts(result(campaign, admin))[30] == ((2, 1), (1, 1))


def test_what_the_facts_do_not_know_yet_does_not_count(campaign, admin):
    joined(campaign, days_ago=40, left_after=35)
    joined(campaign, arm=CONTROL, days_ago=40)
    assert counts(result(campaign, admin, known=TODAY - timedelta(days=8)))[30] == ((1, 0), (1, 0))
    before = result(campaign, admin, known=TODAY - timedelta(days=50))
    assert before.headline.verdict == Verdict.TOO_EARLY and before.days == []


def test_a_campaign_that_works_harms_or_shows_nothing(campaign, admin, crowd):
    crowd(campaign, TREATED, 600, left=30)
    crowd(campaign, CONTROL, 600, left=72)
    found = result(campaign, admin)
    assert found.standing.is_over and found.headline.verdict == Verdict.HELPS
    # Difference -7 points; saves 600 x .07 = 42; nothing spent.
    assert found.saved.saves == pytest.approx(42)
    assert found.headline.bounds[0] < found.headline.estimate.low  # 96 % at the end
    assert found.saved.low == pytest.approx(-600 * found.headline.bounds[1])
    assert found.members == (600, 600) and found.ratio_p == 1
    bad = make_campaign(state=State.RUNNING, control_percent=50)
    crowd(bad, TREATED, 600, left=110, days_ago=50)
    crowd(bad, CONTROL, 600, left=20, days_ago=50)
    found = result(bad, admin)
    assert not found.standing.is_over and found.headline.verdict == Verdict.HARMS  # early, against the harder bound
    assert found.saved.saves < 0 and found.saved.cost_per_save is None


def test_early_the_same_difference_is_not_yet_shown(admin, crowd):
    counted = {}
    for days_ago in (60, 95):
        one = make_campaign(state=State.MEASURING, control_percent=50)
        crowd(one, TREATED, 600, left=40, days_ago=days_ago)
        crowd(one, CONTROL, 600, left=65, days_ago=days_ago)
        counted[days_ago] = result(one, admin).headline
    assert (counted[60].verdict, counted[95].verdict) == (Verdict.NOT_SHOWN, Verdict.HELPS)
    assert counted[60].more > 0
    early, final = (format_result(counted[60], is_over=over, ends_on=TODAY) for over in (False, True))
    assert "Not yet: a difference this large needs" in early
    assert "Not yet" not in final and "would have needed" in final and "This is final" in final


def test_arms_that_were_not_drawn_so_show_nothing(campaign, admin, crowd):
    crowd(campaign, TREATED, 300, left=3)
    crowd(campaign, CONTROL, 150, left=30)
    found = result(campaign, admin)
    assert found.headline.verdict == Verdict.UNEVEN and found.headline.estimate is None
    assert (found.days, found.groups, found.saved) == ([], {}, None)
    assert found.ratio_p < 0.001


def test_the_effect_over_time_ends_with_the_verdict(campaign, admin, crowd):
    crowd(campaign, TREATED, 600, left=30)
    crowd(campaign, CONTROL, 600, left=72)
    days = result(campaign, admin).days
    assert [day.on for day in days] == [TODAY - timedelta(days=95), TODAY - timedelta(days=75)]
    assert days[0].difference is None  # nobody had left
    assert days[-1].difference == pytest.approx(-0.07)
    assert (days[-1].low, days[-1].high) == result(campaign, admin).headline.bounds


def test_control_members_who_were_contacted_are_counted(campaign, admin):
    member = joined(campaign, arm=CONTROL, days_ago=40)
    other = joined(campaign, arm=CONTROL, days_ago=40)
    treated = joined(campaign, days_ago=40)
    midnight = clock.midnight(member.launched_on)
    for at in (midnight, midnight + timedelta(days=3), midnight - timedelta(seconds=1)):
        make_contact(customer=member.customer, subscriber=member.subscriber, at=at, source="scenario:S13")
    make_contact(customer=other.customer, subscriber=other.subscriber, at=midnight, state=ContactRecord.State.REFUSED)
    make_contact(customer=treated.customer, subscriber=treated.subscriber, at=NOW)
    Contamination.objects.create(
        customer=other.customer, origin="campaign:autumn", purpose="retention", at=NOW, reason="asked for"
    )
    found = result(campaign, admin).contacted
    assert (found.members, found.by_source, found.by_hand) == (1, [("scenario:S13", 1, 2)], 1)


def test_acceptance_and_costs(campaign, admin):
    order_no = number("W")
    member = joined(campaign, days_ago=40, order_no=order_no)
    alone = joined(campaign, arm=CONTROL, days_ago=40)
    for line, order, after in ((member, order_no, 3), (alone, number("W"), 35)):
        line.subscriber.decisions.create(
            order_no=order, branch_id=line.branch_id, offer=make_offer(), offer_version=1, terms={"cost": "60.50"},
            state="accepted", proposed_at=NOW, accepted_at=clock.midnight(line.launched_on) + timedelta(days=after),
        )  # fmt: skip
    make_contact(customer=member.customer, subscriber=member.subscriber, at=NOW, order_no=order_no)
    make_contact(customer=member.customer, subscriber=member.subscriber, at=NOW, source="campaign:autumn")
    make_contact(customer=alone.customer, subscriber=alone.subscriber, at=NOW)
    found = result(campaign, admin)
    assert counts(found, "accepted")[30] == ((1, 1), (1, 0))
    assert (found.costs.contacts, found.costs.taken, found.costs.spent) == (2, 1, pytest.approx(12 + 60.5))
    assert found.costs.worth > 100  # months of the margin of 100 yuan


def test_an_offer_for_which_the_customer_pays_more_costs_nothing(campaign, admin):
    order_no = number("W")
    member = joined(campaign, days_ago=40, order_no=order_no)
    member.subscriber.decisions.create(
        order_no=order_no, branch_id=member.branch_id, offer=make_offer(), offer_version=1, terms={"cost": "-480.00"},
        state="accepted", proposed_at=NOW, accepted_at=clock.midnight(member.launched_on) + timedelta(days=3),
    )  # fmt: skip
    costs = result(campaign, admin).costs
    assert (costs.taken, costs.spent) == (1, 0)


def test_spend_counts_whole_months_that_are_billed_and_leavers_pay_nothing(campaign, admin):
    paid = {TREATED: (60, 80, None), CONTROL: (50, 50, 20)}
    first = date(2026, 9, 1)
    on = (TODAY - date(2026, 8, 20)).days
    for arm, totals in paid.items():
        for total in totals:
            member = joined(campaign, arm=arm, days_ago=on)
            if total is not None:
                for month in (first, date(2026, 10, 1), date(2026, 8, 1)):
                    make_bill(subscriber=member.subscriber, month=month, total=Decimal(total))
    spend = {one.days: one.comparison for one in result(campaign, admin).windows if one.measure == "spend"}
    means = {days: (one.treated.members, one.treated.mean, one.control.mean) for days, one in spend.items()}
    assert means[30] == (3, pytest.approx(140 / 3), pytest.approx(40))
    assert means[60] == (3, pytest.approx(280 / 3), pytest.approx(80))
    assert means[90][0] == 0  # November is not billed


def test_a_branch_sees_its_own_members_and_both_arms(campaign, crowd, branches):
    crowd(campaign, TREATED, 40, left=5)
    crowd(campaign, CONTROL, 40, left=5)
    crowd(campaign, TREATED, 30, branch=branches.other)
    for role in (Role.MANAGER, Role.SUPERVISOR):
        seen = result(campaign, make_user(role=role, branch=branches.city))
        assert seen.members == (40, 40)
    assert result(campaign, make_user(role=Role.MANAGER, branch=None)).members == (0, 0)
