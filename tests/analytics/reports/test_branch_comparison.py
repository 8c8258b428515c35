"""Branches are compared by how churn moved, with the business reason that stands out among their lines at high risk."""

from datetime import timedelta

import pytest

from analytics.kpis.models import KpiValue
from retention.core import clock
from tests.analytics.warnings.rows import scored
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
URL = "/churn/reports/branches/"
FALLING = {"usage": 1.2}
PRICE, NETWORK = {"price": 0.9, "network": 0.1}, {"price": 0.1, "network": 0.9}


@pytest.fixture
def manager(client, branches):
    client.force_login(make_user(username="whole", role="manager", branch=branches.province))
    return client


@pytest.fixture
def rates(branches):
    """The city from 2 % to 5 %, in two outlets that are added up; the other city from 4 % to 3 %."""
    rows = (
        (branches.city, TODAY, 2, 60), (branches.outlet, TODAY, 3, 40), (branches.other, TODAY, 3, 100),
        (branches.city, TODAY - timedelta(days=28), 1, 60), (branches.outlet, TODAY - timedelta(days=28), 1, 40),
        (branches.other, TODAY - timedelta(days=30), 9, 100), (branches.other, TODAY - timedelta(days=28), 4, 100),
    )  # fmt: skip
    for branch, day, churned, lines in rows:
        KpiValue.objects.create(kpi="churn_rate", branch=branch, as_of=day, numerator=churned, denominator=lines)
    KpiValue.objects.create(kpi="at_risk", branch=branches.city, as_of=TODAY, numerator=3)


def rows_of(client) -> list:
    with clock.freeze(NOW):
        answer = client.get(URL)
    assert answer.status_code == 200
    return [row.record for row in answer.context["table"].paginated_rows]


def test_the_branch_whose_churn_rose_most_comes_first(manager, rates):
    first, second = rows_of(manager)
    assert (first.branch.name, first.churn, first.before) == ("Harbour City", pytest.approx(0.05), pytest.approx(0.02))
    assert (first.change, first.at_risk) == (pytest.approx(0.03), 3)
    assert (second.churn, second.change) == (pytest.approx(0.03), pytest.approx(-0.01))


def test_the_reason_is_the_one_that_stands_out(manager, rates, branches):
    """Everybody's use falls; in the first city the price drives 9 of 10 lines more, in the other the network all 10."""
    for place in range(10):
        scored(branches.outlet if place < 4 else branches.city, as_of=TODAY, themes=FALLING | (PRICE if place else {}))
        scored(branches.other, as_of=TODAY, themes=FALLING | NETWORK)
    scored(branches.city, as_of=TODAY, tier="low", themes=NETWORK)
    first, second = rows_of(manager)
    assert (first.reason, first.reason_share) == ("price", pytest.approx(0.9))
    assert first.reason_above == pytest.approx(0.9 - 9 / 20)
    assert (second.reason, second.reason_share, second.reason_above) == ("network", 1, pytest.approx(0.5))


def test_of_a_few_lines_no_reason_stands_out(manager, rates, branches):
    for _place in range(9):
        scored(branches.city, as_of=TODAY, themes=PRICE)
    assert [(row.reason, row.reason_share) for row in rows_of(manager)] == [("", None), ("", None)]


def test_a_branch_without_figures_before_has_no_change_and_comes_last(manager, rates, branches):
    KpiValue.objects.filter(branch=branches.other, as_of__lt=TODAY).delete()
    assert [(row.branch.name, row.change is None) for row in rows_of(manager)] == [
        ("Harbour City", False),
        ("Hill City", True),
    ]


def test_figures_lead_to_their_rows(manager, rates):
    with clock.freeze(NOW):
        page = manager.get(URL).content.decode()
    assert "/customers/?figure=churn_rate&amp;branch=" in page
    assert "/churn/?branch=" in page


def test_somebody_of_an_outlet_has_nothing_below_to_compare(client, branches, rates):
    client.force_login(make_user(username="outlet", role="manager", branch=branches.outlet))
    assert rows_of(client) == []
