"""A figure opens exactly the rows that it counts, and its page says the same number."""

from datetime import timedelta

import pytest

from analytics.kpis.defaults import KPIS
from analytics.kpis.figures import figure_link
from analytics.kpis.models import KpiValue
from analytics.kpis.services import record_kpis
from customers.facts.models import Subscriber
from retention.core.ui.figures import FIGURES
from tests import factories as make
from tests.analytics.kpis.test_kpis import make_lines
from tests.factories import NOW, TODAY
from tests.workorders.rows import make_orders

pytestmark = pytest.mark.django_db
AS_OF = TODAY - timedelta(days=1)
# What a mean, a sum or a share counts besides its value.
ROWS = {"arpu": 3, "revenue_at_risk": 2, "churn_rate": 3}


@pytest.fixture
def centre(branches, mia, client):
    """Lines that stay, left lately and left long ago; scores; orders open, closed and opened since; calls."""
    make_lines(branches.city, stay=1, left=0)
    gone = {"status": "terminated", "branch": branches.outlet}
    for reason, days in (("voluntary", 5), ("voluntary", 30), ("voluntary", 31), ("port_out", 9), ("arrears", 9)):
        at = AS_OF - timedelta(days=days - 1)
        make.make_subscriber(**gone, terminated_on=at, termination_reason=reason)
    tiers = (("critical", 0.9), ("high", 0.5), ("low", None))
    for tier, chance in tiers:
        line = make.make_subscriber(branch=branches.outlet)
        make.make_profile(subscriber=line, as_of=AS_OF, risk_tier=tier, risk_probability=chance, arpu=50)
        make.make_bill(subscriber=line, month=(AS_OF.replace(day=1) - timedelta(days=1)).replace(day=1), total=60)
    client.force_login(mia)
    return client


def listed(client, address: str) -> int:
    return len(client.get(address).context["table"].paginated_rows)


def value(key: str) -> float:
    top, bottom = 0.0, 0.0
    for one in KpiValue.objects.filter(kpi=key):
        top, bottom = top + float(one.numerator), bottom + float(one.denominator or 0)
    return top if KPIS[key].unit == "count" else top / bottom if bottom else top


def test_every_indicator_of_the_home_page_opens_its_rows():
    assert {key for key, kpi in KPIS.items() if kpi.on_home} == set(FIGURES)


@pytest.mark.parametrize("key", ["subscribers", "churn_rate", "port_outs", "arpu", "at_risk", "revenue_at_risk"])
def test_the_list_has_as_many_lines_as_the_figure_counts(centre, key):
    record_kpis(as_of=AS_OF)
    rows = listed(centre, figure_link(KPIS[key]))
    assert rows == ROWS.get(key, value(key))
    assert rows > 0


def test_the_page_says_the_figure_its_day_and_what_it_counts(centre):
    record_kpis(as_of=AS_OF)
    text = centre.get("/customers/?figure=at_risk").text
    assert f"At high risk: 2 as of the end of {AS_OF}, and the rows behind it." in text
    assert "Lines in the risk tiers high and critical." in text
    assert "Counted in" in text
    assert '<option value="">All</option>' in text.split('name="status"')[1].split("</select>")[0].replace(
        " selected", ""
    )


def test_churn_of_the_cohorts_adds_up_to_the_churn_of_all(branches):
    for days in (20, 100, 300, 900):
        make.make_subscriber(branch=branches.outlet, activated_on=AS_OF - timedelta(days=days))
        gone = {"status": "terminated", "termination_reason": "voluntary", "terminated_on": AS_OF - timedelta(days=3)}
        make.make_subscriber(branch=branches.outlet, activated_on=AS_OF - timedelta(days=days), **gone)
    record_kpis(as_of=AS_OF)
    parts = KpiValue.objects.filter(kpi__in=["churn_under_6", "churn_6_to_12", "churn_over_12"])
    whole = KpiValue.objects.get(kpi="churn_rate")
    assert (whole.numerator, whole.denominator) == (3, 6)
    assert sum(one.numerator for one in parts) == 3
    assert sum(one.denominator for one in parts) == 6


def test_a_bar_of_churn_opens_the_lines_that_left(centre, branches):
    record_kpis(as_of=AS_OF)
    home = centre.get("/").context
    links = [*home["by_tenure"]["links"], *home["by_branch"]["links"]]
    assert links
    for link in links:
        assert link.startswith("/customers/?figure=churn_rate&")
    assert listed(centre, f"/customers/?figure=churn_rate&branch={branches.outlet.code}") == 3
    assert listed(centre, f"/customers/?figure=churn_rate&branch={branches.other.code}") == 0


def test_a_line_that_left_after_the_night_is_still_in_its_figure(centre):
    record_kpis(as_of=AS_OF)
    before = listed(centre, "/customers/?figure=subscribers")
    Subscriber.objects.filter(status="active").update(
        status="terminated", terminated_on=TODAY, termination_reason="voluntary"
    )
    assert listed(centre, "/customers/?figure=subscribers") == before == value("subscribers")


def test_before_the_first_night_a_figure_has_no_rows(centre):
    answer = centre.get("/customers/?figure=churn_rate")
    assert len(answer.context["table"].paginated_rows) == 0
    assert "Churn, 30 days: no value yet." in answer.text


def test_an_unknown_figure_is_named_as_any_other_filter(centre):
    assert "figure" in centre.get("/customers/?figure=nothing").context["form"].errors


def test_contact_rate_is_connected_calls_of_all_calls(centre, branches):
    """Not the share of closed orders that were reached: three calls for one order are three."""
    team = make.make_team(branch=branches.outlet)
    orders = make_orders(3, team=team, now=NOW - timedelta(days=3))
    for order, outcomes in ((orders[0], ("not_reached", "not_reached", "connected")), (orders[1], ("not_reached",))):
        for outcome in outcomes:
            given = {"order_no": order.order_no, "outcome": outcome, "at": NOW - timedelta(days=2)}
            make.make_contact(subscriber=order.subscriber, **given)
    record_kpis(as_of=AS_OF)
    assert value("connect_rate") == 0.25
    assert listed(centre, "/supervise/?figure=connect_rate") == 2
    assert listed(centre, "/supervise/?figure=orders_open") == 3
