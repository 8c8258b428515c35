"""The indicators of the home page, counted against facts made by hand."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analytics.kpis import queries
from analytics.kpis.models import KpiValue
from analytics.kpis.queries import by_month, cards
from analytics.kpis.services import record_kpis
from customers.facts.models import Payment, Subscriber
from retention.core.accounts.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 10, 31)


@pytest.fixture
def province():
    return make.make_branch(code="PR")


@pytest.fixture
def cities(province):
    return [make.make_branch(parent=province, code=code) for code in ("C1", "C2")]


@pytest.fixture
def manager(province):
    return make.make_user(role=Role.MANAGER, branch=province)


def make_lines(branch, *, stay: int, left: int, reason: str = Subscriber.Reason.VOLUNTARY) -> None:
    for _ in range(stay):
        make.make_subscriber(branch=branch)
    for _ in range(left):
        make.make_subscriber(
            branch=branch, status="terminated", terminated_on=AS_OF - timedelta(days=5), termination_reason=reason
        )


def card(user, key: str):
    return next(one for one in cards(user=user, until=AS_OF) if one.kpi.key == key)


def test_churn_is_the_share_of_the_lines_of_thirty_days_ago(cities, manager):
    make_lines(cities[0], stay=9, left=1)
    record_kpis(as_of=AS_OF)

    assert card(manager, "subscribers").value == 9
    assert card(manager, "churn_rate").value == pytest.approx(0.1)


def test_arrears_are_not_churn(cities, manager):
    make_lines(cities[0], stay=9, left=1, reason=Subscriber.Reason.ARREARS)
    record_kpis(as_of=AS_OF)

    assert card(manager, "churn_rate").value == 0


def test_spend_a_month_counts_bills_and_the_top_ups_of_prepaid_lines_that_are_not_billed(cities, manager):
    billed, prepaid, idle = (
        make.make_subscriber(branch=cities[0], account=make.make_account(pay_mode=mode))
        for mode in ("postpaid", "prepaid", "prepaid")
    )
    make.make_bill(subscriber=billed, month=date(2026, 9, 1), total=100)
    for line, amount in ((billed, 100), (prepaid, 50)):
        paid = datetime(2026, 10, 31, 23, tzinfo=ZoneInfo("Asia/Shanghai"))
        Payment.objects.create(payment_no=make.number("M"), account=line.account, paid_at=paid, amount=amount)
    record_kpis(as_of=AS_OF)

    assert idle.account.pay_mode == "prepaid"
    assert card(manager, "arpu").value == pytest.approx((100 + 50 + 0) / 3)


def test_a_manager_sees_own_branch_and_below(cities):
    make_lines(cities[0], stay=4, left=0)
    make_lines(cities[1], stay=6, left=0)
    record_kpis(as_of=AS_OF)

    assert card(make.make_user(role=Role.MANAGER, branch=cities[0]), "subscribers").value == 4


def test_the_worst_branch_comes_first(cities, manager):
    make_lines(cities[0], stay=9, left=1)
    make_lines(cities[1], stay=8, left=2)
    record_kpis(as_of=AS_OF)

    assert [(one.code, one.churned, one.lines) for one in queries.churn_by_branch(user=manager, as_of=AS_OF)] == [
        ("C2", 2, 10),
        ("C1", 1, 10),
    ]


def test_change_compares_with_four_weeks_before_and_falling_churn_is_good(cities, manager):
    make_lines(cities[0], stay=9, left=1)
    record_kpis(as_of=AS_OF)
    KpiValue.objects.create(
        as_of=AS_OF - timedelta(days=30), kpi="churn_rate", branch=cities[0], numerator=2, denominator=10
    )

    churn = card(manager, "churn_rate")

    assert churn.change == pytest.approx(-0.1)
    assert churn.is_good


def test_recording_a_date_again_changes_nothing(cities):
    make_lines(cities[0], stay=2, left=0)

    assert record_kpis(as_of=AS_OF) > 0
    assert record_kpis(as_of=AS_OF) == 0


def test_the_trend_has_one_value_a_month_and_a_gap_for_a_month_without_any():
    points = [
        (date(2026, 8, 31), 1.0), (date(2026, 10, 30), 3.0), (date(2026, 10, 31), 4.0), (date(2026, 11, 20), 5.0),
    ]  # fmt: skip
    assert by_month(points) == [1.0, None, 4.0, 5.0]
    assert by_month([]) == []
