from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from analytics.warnings.models import ListDelivery, ListResult, WarningEntry, WarningList
from analytics.warnings.services.monthly import FreezeReport, count_results, freeze_list
from customers.facts.models import Subscriber
from customers.risk.models import RiskScore
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid
from tests.analytics.warnings.rows import MONTH_END, NOW, scored
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db
DATED = date(2026, 12, 1)


def frozen() -> WarningList:
    freeze_list(as_of=MONTH_END, now=NOW)
    return WarningList.objects.get()


def test_the_warned_lines_are_frozen_in_order_of_expected_gain(branches):
    less, most = scored(branches.city, gain="10", tier="critical"), scored(branches.outlet, gain="90", tier="medium")
    scored(branches.city, gain="500", tier="low")
    none = scored(branches.city, gain=None, tier="high")
    assert freeze_list(as_of=MONTH_END, now=NOW).rows == 3
    made = WarningList.objects.get()
    assert (made.dated, made.as_of, made.lines, made.model_version) == (DATED, MONTH_END, 3, "test-1")
    assert [entry.subscriber for entry in made.entries.order_by("place")] == [most, less, none]
    first = made.entries.get(place=1)
    assert (first.branch, first.tier, first.expected_gain, first.monthly_spend) == (
        branches.outlet, "medium", Decimal("90.00"), Decimal("120.00"),
    )  # fmt: skip
    assert first.reasons[0]["factor"] == "voice_in_change"


@pytest.mark.parametrize("day", [date(2026, 11, 29), DATED])
def test_only_the_last_night_of_a_month_freezes_a_list(branches, day):
    scored(branches.city, as_of=day)
    assert freeze_list(as_of=day, now=NOW) == FreezeReport()
    assert not WarningList.objects.exists()


def test_a_list_is_not_frozen_before_its_day_is_over(branches):
    scored(branches.city)
    with pytest.raises(Invalid, match="not over yet"):
        freeze_list(as_of=MONTH_END, now=NOW - timedelta(days=1))
    assert not WarningList.objects.exists()


def test_a_later_night_makes_up_the_list_that_is_owed(branches):
    scored(branches.city, as_of=date(2026, 12, 2))
    assert freeze_list(as_of=date(2026, 12, 2), now=NOW + timedelta(days=2), dated=DATED).rows == 1
    made = WarningList.objects.get()
    assert (made.dated, made.as_of) == (DATED, date(2026, 12, 2))
    assert freeze_list(as_of=date(2026, 12, 3), now=NOW + timedelta(days=3), dated=DATED) == FreezeReport()


def test_a_night_without_scores_freezes_nothing_and_a_later_try_does(branches):
    assert freeze_list(as_of=MONTH_END, now=NOW) == FreezeReport(missing="No model has been trained yet.")
    scored(branches.city)
    assert freeze_list(as_of=MONTH_END, now=NOW).rows == 1


def test_freezing_again_changes_nothing_even_when_the_scores_did(branches):
    line = scored(branches.city, gain="10")
    frozen()
    RiskScore.objects.update(expected_gain=Decimal("99"))
    scored(branches.city)
    assert freeze_list(as_of=MONTH_END, now=NOW + timedelta(hours=1)) == FreezeReport()
    entry = WarningEntry.objects.get()
    assert (entry.subscriber, entry.expected_gain) == (line, Decimal("10.00"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE analytics_warningentry SET probability = 0",
        "DELETE FROM analytics_warningentry",
        "UPDATE analytics_warninglist SET lines = 0",
        "DELETE FROM analytics_warninglist",
        """INSERT INTO analytics_warningentry (warning_list_id, place, subscriber_id, branch_id, line_type, cohort,
           tier, decile, probability, reasons)
           SELECT warning_list_id, 99, 1, branch_id, line_type, cohort, tier, decile, probability, '[]'
           FROM analytics_warningentry""",
    ],
)
def test_the_database_refuses_every_change_of_a_frozen_list(branches, change):
    scored(branches.city)
    frozen()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert WarningEntry.objects.get().probability == 0.42


def test_it_is_in_the_audit_trail(branches):
    scored(branches.city)
    frozen()
    assert AuditEntry.objects.get(action="warning_list.freeze").detail == {"lines": 1, "sent": 0}


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def leave(line: Subscriber, day: int, reason: str = "port_out") -> None:
    Subscriber.objects.filter(pk=line.pk).update(
        status="terminated", terminated_on=date(2026, 12, day), termination_reason=reason
    )


def test_the_list_is_judged_by_who_left_and_who_was_contacted(branches):
    stays, leaves, arrears, late = (scored(branches.city) for _ in range(4))
    frozen()
    leave(leaves, 5)
    leave(arrears, 6, "arrears")
    leave(late, 25)
    for line in (stays, leaves):
        make_contact(subscriber=line, at=at(3))
    make_contact(subscriber=arrears, at=at(3), state="refused")
    make_contact(subscriber=late, at=NOW - timedelta(days=9))
    count_results(as_of=date(2026, 12, 20))
    found = ListResult.objects.get()
    assert (found.branch, found.counted_on, found.lines) == (branches.city, date(2026, 12, 20), 4)
    assert (found.left, found.other_left, found.contacted, found.contacted_left) == (1, 1, 2, 1)
    assert found.expected == pytest.approx(4 * 0.42)
    count_results(as_of=date(2026, 12, 31))
    assert ListResult.objects.get().left == 2


def test_a_contact_after_leaving_is_no_contact_before_it(branches):
    line = scored(branches.city)
    frozen()
    leave(line, 5)
    make_contact(subscriber=line, at=at(7))
    count_results(as_of=date(2026, 12, 20))
    assert ListResult.objects.get().contacted_left == 0


def test_a_night_that_is_run_late_does_not_turn_the_count_back(branches):
    line = scored(branches.city)
    frozen()
    leave(line, 5)
    count_results(as_of=date(2026, 12, 20))
    count_results(as_of=date(2026, 12, 2))
    assert ListResult.objects.get().left == 1


def test_a_list_older_than_three_months_is_not_counted_any_more(branches):
    line = scored(branches.city)
    frozen()
    leave(line, 5)
    assert count_results(as_of=date(2027, 4, 1)) == 0


def test_it_is_sent_to_each_manager_with_the_lines_he_may_see(branches):
    for branch in (branches.outlet, branches.district, branches.other):
        scored(branch)
    whole = make_user(role="manager", branch=branches.province)
    city = make_user(role="manager", branch=branches.city)
    make_user(role="manager", branch=None)
    make_user(role="manager", branch=branches.city, is_active=False)
    make_user(role="analyst", branch=branches.province)
    frozen()
    assert {one.user: one.lines for one in ListDelivery.objects.all()} == {whole: 3, city: 2}
    assert list(ListDelivery.objects.unopened_of(city)) == list(ListDelivery.objects.filter(user=city))


def test_a_manager_without_warned_lines_is_sent_nothing(branches):
    scored(branches.other)
    make_user(role="manager", branch=branches.city)
    frozen()
    assert not ListDelivery.objects.exists()
