"""The planner's numbers and the lists behind them."""

import csv
import io

import pytest

from analytics.planner.text import format_short_of_best
from analytics.valuation.models import Treatment
from retention.core import clock
from tests.analytics.warnings.rows import scored
from tests.factories import NOW, TODAY, make_list_entry, make_user
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db
PLAN, LIST, OPEN = "/churn/planner/", "/churn/planner/lines/", "/churn/planner/open-orders/"


def get(client, url: str):
    with clock.freeze(NOW):
        answer = client.get(url)
    assert answer.status_code == 200, answer
    return answer


def line(branch, **given):
    return scored(branch, **{"as_of": TODAY, "tenure_cohort": "over_12", "arpu": 100, "probability": 0.5} | given)


def rows(answer) -> list:
    return [row.record for row in answer.context["table"].paginated_rows]


@pytest.fixture
def base(branches):
    """Three lines that pay, one of them of low risk by its tier, and three that do not."""
    paying = [
        line(branches.city, probability=0.9),
        line(branches.outlet, probability=0.5, line_type="broadband"),
        line(branches.other, probability=0.3, tier="low"),
    ]
    costing = [line(branches.city, probability=chance) for chance in (0.004, 0.002, 0.001)]
    return paying, costing


@pytest.mark.parametrize(
    "query",
    [
        "", "?calls=2", "?branch=P1-C1", "?tier=low", "?treatment=contact", "?line_type=broadband&treatment=gift",
        "?cohort=over_12&band=mid", "?tier=critical",
    ],
)  # fmt: skip
def test_the_contacts_that_pay_are_exactly_the_rows_of_their_list(manager, base, query):
    page = get(manager, PLAN + query)
    plan = page.context["plan"]
    assert page.context["paying_url"] == LIST + query
    found = get(manager, page.context["paying_url"])
    assert found.context["table"].paginator.count == len(rows(found)) == plan.paying
    assert sum(one.expected_gain for one in rows(found)) == pytest.approx(plan.best.net, rel=1e-4, abs=1e-3)
    asked = get(manager, page.context["asked_url"])
    assert len(rows(asked)) == plan.asked.contacts
    assert sum(one.expected_gain for one in rows(asked)) == pytest.approx(plan.asked.net, rel=1e-4, abs=1e-3)


def test_settings_that_make_no_sense_are_left_out_of_both(manager, base):
    page = get(manager, f"{PLAN}?calls=-5&tier=high")
    assert (page.context["plan"].paying, page.context["paying_url"]) == (3, LIST)
    assert len(rows(get(manager, page.context["asked_url"]))) == page.context["plan"].asked.contacts == 6


def test_the_list_has_the_best_contact_first_with_its_treatment(manager, base):
    paying, costing = base
    page = get(manager, PLAN)
    assert (page.context["plan"].paying, page.context["plan"].asked.contacts) == (3, 6)
    assert f'href="{LIST}"' in page.text
    found = get(manager, LIST)
    assert [one.subscriber for one in rows(found)] == paying
    assert all(one.expected_gain > 0 and one.treatment.label for one in rows(found))
    assert "3 contacts, together expected to bring" in found.text
    every = get(manager, f"{LIST}?pick=asked")
    assert [one.subscriber for one in rows(every)] == paying + costing
    assert every.text.count("rp-row-costs") == 3


def test_the_list_is_exported_whole(manager, base):
    paying, _costing = base
    answer = get(manager, f"{LIST}?export=csv")
    read = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["Subscriber"] for row in read] == [one.subscriber_no for one in paying]
    assert all(row["Treatment"] and float(row["Expected gain"]) > 0 for row in read)


def test_a_manager_of_a_city_has_the_own_lines_only(client, base, branches):
    client.force_login(make_user(role="manager", branch=branches.city))
    assert [one.subscriber for one in rows(get(client, LIST))] == base[0][:2]


def test_all_of_the_list_are_given_out_and_refusals_are_told(manager, base):
    install_order_types()
    paying, _costing = base
    make_list_entry(customer=paying[0].account.customer)
    sent = {"all": "1", "query": "branch=P1-C1"}
    with clock.freeze(NOW):
        assert "2 lines chosen" in manager.post(OPEN, sent).text
        done = manager.post(OPEN, sent | {"confirmed": "1", "order_type": "churn_retention"}, follow=True)
    told = " ".join(str(message) for message in done.context["messages"])
    assert "1 order opened" in told and "Do not disturb: 1" in told
    order = WorkOrder.objects.get()
    assert (order.subscriber, order.source) == (paying[1], "planner")
    assert order.evidence[0]["facts"]
    assert done.redirect_chain[-1][0] == f"{LIST}?branch=P1-C1"


def test_a_default_that_brings_less_than_the_best_says_both_sums(manager, base):
    page = get(manager, PLAN)
    plan = page.context["plan"]
    net, best = f"¥{plan.asked.net:,.0f}", f"¥{plan.best.net:,.0f}"
    assert plan.asked.net < plan.best.net - 1
    said = f"6 contacts are more than the 3 that pay: they are expected to bring {net}, the best list {best}."
    assert f"{said} The number is the default: “Contacts available” is empty." in page.text
    fewer = get(manager, f"{PLAN}?calls=1")
    net = f"¥{fewer.context['plan'].asked.net:,.0f}"
    said = f"1 contacts are fewer than the 3 that pay: they are expected to bring {net}, the best list {best}."
    assert said in fewer.text and "the default" not in fewer.context["short"]
    assert get(manager, f"{PLAN}?calls=3").context["short"] == ""
    assert format_short_of_best(get(manager, f"{PLAN}?tier=critical").context["plan"], is_default=True) == ""


def test_the_list_follows_the_assumptions_of_now(manager, base):
    """Dearer contacts: fewer pay, in the number and in the list alike."""
    from analytics.valuation.models import ValueTerms

    ValueTerms.objects.create(line_type="", contact_cost=100_000)
    Treatment.objects.all().delete()
    assert get(manager, PLAN).context["plan"].paying == 0
    assert rows(get(manager, LIST)) == []
