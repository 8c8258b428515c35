"""The monthly measure: what kept and lost mean, revenue, months made up and provisional ones, what is not redone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.cohorts.models import CohortCount, CohortMonth
from campaigns.cohorts.queries import kept_by_month, kept_by_owner
from campaigns.cohorts.services.allotment import share_out
from campaigns.cohorts.services.measuring import measure_cohorts
from campaigns.cohorts.states import MemberState
from customers.cohorts.models import Cohort
from customers.facts.models import Account, PastValue, Payment, Subscriber
from tests.campaigns.cohorts.rows import FROZEN, OCTOBER, SEPTEMBER, at, freeze_lines, make_line, member_of
from tests.factories import make_bill, make_customer, make_subscriber, number

pytestmark = pytest.mark.django_db
BILLED = date(2026, 11, 10)  # the bills of October are due since the fifth


def state(line, month: date = SEPTEMBER) -> str:
    return CohortMonth.objects.get(member=member_of(line).pk, month=month).state


def leave(line, day: date, reason: str = "voluntary") -> None:
    gone = {"status": "terminated", "terminated_on": day, "termination_reason": reason}
    Subscriber.objects.filter(pk=line.pk).update(**gone)


@pytest.fixture
def lines(mia, branches):
    found = [make_line(branch=branches.outlet) for _ in range(3)]
    freeze_lines(mia, *found)
    return found


def test_in_service_on_the_day_is_kept_and_so_is_a_stopped_line(lines):
    Subscriber.objects.filter(pk=lines[0].pk).update(status="stopped")
    leave(lines[1], SEPTEMBER + timedelta(days=1))
    report = measure_cohorts(as_of=SEPTEMBER)
    assert report.rows == 3
    assert [state(line) for line in lines] == ["kept"] * 3


def test_terminated_and_ported_out_are_lost_from_their_day_on(lines):
    leave(lines[0], SEPTEMBER)
    leave(lines[1], SEPTEMBER, reason="port_out")
    measure_cohorts(as_of=SEPTEMBER)
    assert [state(line) for line in lines] == ["terminated", "ported_out", "kept"]


def test_a_number_in_service_with_another_customer_does_not_make_its_old_line_kept(lines, branches):
    number_of = [line.subscriber.phone_number for line in lines]
    leave(lines[0], date(2026, 9, 2))
    make_subscriber(branch=branches.outlet, phone_number=number_of[0], activated_on=date(2026, 9, 20))
    # Both lines claim the number: the newer customer has it.
    make_subscriber(branch=branches.outlet, phone_number=number_of[1], activated_on=date(2026, 9, 20))
    # The line itself took a new number before its old one was given away.
    Subscriber.objects.filter(pk=lines[2].pk).update(phone_number="10099990000")
    make_subscriber(branch=branches.outlet, phone_number=number_of[2], activated_on=date(2026, 9, 20))
    measure_cohorts(as_of=SEPTEMBER)
    assert [state(line) for line in lines] == ["number_reused", "number_reused", "kept"]


def test_a_number_that_came_back_to_the_same_customer_or_was_shared_before_is_no_reuse(mia, branches):
    line, shared = make_line(branch=branches.outlet), make_line(branch=branches.outlet, phone_number="10011112222")
    make_subscriber(branch=branches.outlet, phone_number="10011112222", activated_on=date(2020, 1, 1))
    freeze_lines(mia, line, shared)
    leave(line, date(2026, 9, 2))
    account = line.subscriber.account
    make_subscriber(account=account, phone_number=line.subscriber.phone_number, activated_on=date(2026, 9, 20))
    measure_cohorts(as_of=SEPTEMBER)
    assert [state(one) for one in (line, shared)] == ["terminated", "kept"]


def test_a_line_that_another_customer_took_over_is_lost_and_one_that_moved_is_kept(lines, branches):
    Account.objects.filter(pk=lines[0].subscriber.account_id).update(customer=make_customer(branch=branches.outlet))
    Subscriber.objects.filter(pk=lines[1].pk).update(branch=branches.other)
    measure_cohorts(as_of=SEPTEMBER)
    assert [state(line) for line in lines] == ["handed_over", "moved", "kept"]
    # Whoever froze the base answers for it: the moved line counts in its old branch.
    assert set(CohortCount.objects.values_list("branch", flat=True)) == {branches.outlet.pk}
    (month,) = kept_by_month(CohortCount.objects.all())
    assert (month.members, month.kept, month.share) == (3, 2, 2 / 3)


def test_a_month_end_without_a_night_is_made_up_from_the_lines_as_they_stood(lines, branches):
    account = Account.objects.get(pk=lines[0].subscriber.account_id)
    was = {"table": Account._meta.db_table, "row": account.pk, "column": "customer_id", "was": account.customer_id}
    PastValue.objects.create(until=at(date(2026, 10, 15)), **was)
    Account.objects.filter(pk=account.pk).update(customer=make_customer(branch=branches.outlet))
    moved = {"table": Subscriber._meta.db_table, "row": lines[1].pk, "column": "branch_id", "was": branches.outlet.pk}
    PastValue.objects.create(until=at(date(2026, 10, 15)), **moved)
    Subscriber.objects.filter(pk=lines[1].pk).update(branch=branches.other)
    leave(lines[2], date(2026, 10, 20))

    report = measure_cohorts(as_of=date(2026, 11, 3))

    (months,) = report.months.values()
    assert months == ["2026-09-30", "2026-10-31"]
    assert [state(line, SEPTEMBER) for line in lines] == ["kept"] * 3
    assert [state(line, OCTOBER) for line in lines] == ["handed_over", "moved", "terminated"]


def test_revenue_is_that_of_the_month_from_who_is_kept_once_its_bills_are_there(lines):
    for line, total in zip(lines, ("50", "100", "70"), strict=True):
        make_bill(subscriber=line.subscriber, month=OCTOBER, total=Decimal(total))
    leave(lines[2], date(2026, 10, 20))
    measure_cohorts(as_of=OCTOBER)
    newest = kept_by_month(CohortCount.objects.all())[-1]
    assert (newest.month, newest.revenue, newest.revenue_share) == (OCTOBER, None, None)

    measure_cohorts(as_of=BILLED)

    newest = kept_by_month(CohortCount.objects.all())[-1]
    assert (newest.base, newest.revenue, newest.revenue_share) == (300.0, 150.0, 0.5)
    assert CohortMonth.objects.get(member=member_of(lines[2]).pk, month=OCTOBER).revenue == 0


def test_prepaid_lines_bring_their_part_of_what_was_topped_up(mia, branches):
    line = make_line(branch=branches.outlet, arpu=100)
    Account.objects.filter(pk=line.subscriber.account_id).update(pay_mode="prepaid")
    freeze_lines(mia, line)
    for day in (date(2026, 10, 3), date(2026, 10, 28), date(2026, 11, 2)):
        Payment.objects.create(payment_no=number("M"), account=line.subscriber.account, paid_at=at(day), amount=40)
    measure_cohorts(as_of=BILLED)
    october = kept_by_month(CohortCount.objects.all())[-1]
    assert (october.month, october.revenue, october.revenue_share) == (OCTOBER, 80.0, 0.8)


def test_a_termination_that_came_late_is_seen_when_the_month_is_measured_for_good(lines):
    measure_cohorts(as_of=OCTOBER)
    assert state(lines[0], OCTOBER) == "kept"
    leave(lines[0], date(2026, 10, 30))
    measure_cohorts(as_of=BILLED)
    assert state(lines[0], OCTOBER) == "terminated"


def test_a_second_run_changes_nothing_and_a_final_month_stays_as_it_was(lines):
    measure_cohorts(as_of=BILLED)
    rows = sorted(CohortMonth.objects.values_list("member_id", "month", "state", "revenue"))
    leave(lines[0], date(2026, 9, 15))
    assert measure_cohorts(as_of=BILLED).rows == 0
    assert measure_cohorts(as_of=BILLED + timedelta(days=1)).months == {}
    assert sorted(CohortMonth.objects.values_list("member_id", "month", "state", "revenue")) == rows


def test_a_cohort_that_is_off_or_was_frozen_later_is_not_measured(lines):
    assert measure_cohorts(as_of=FROZEN).rows == 0
    Cohort.objects.update(enabled=False)
    assert measure_cohorts(as_of=BILLED).rows == 0


def test_a_month_counts_for_who_was_the_owner_at_its_end(mia, branches, ana, lines):
    cohort = Cohort.objects.get()
    share_out(actor=mia, code=cohort.code, owners=[ana], keep_groups=False, now=at(date(2026, 10, 5)))
    measure_cohorts(as_of=OCTOBER)
    owners = {
        month: [(who, kept.members) for who, _name, kept in kept_by_owner(CohortCount.objects.filter(month=month))]
        for month in (SEPTEMBER, OCTOBER)
    }
    assert owners == {SEPTEMBER: [("nobody", 3)], OCTOBER: [("ana", 3)]}


def test_every_state_is_kept_or_lost_and_has_words_in_both_languages():
    with translation.override("zh-hans"):
        labels = [str(one.label) for one in MemberState]
    assert len(set(labels)) == len(MemberState)
    assert not any(label.isascii() for label in labels)
