import csv
import io

import pytest

from analytics.planner.queries import clear_cache, scored_lines
from analytics.valuation.defaults import DEFAULT_TREATMENTS
from analytics.valuation.models import Experiment, Treatment
from retention.core import clock
from tests.analytics.warnings.rows import scored
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
URL = "/churn/planner/"


def ask(client, query: str = ""):
    with clock.freeze(NOW):
        answer = client.get(URL + query)
    assert answer.status_code == 200, answer
    return answer


def line(branch, **given):
    return scored(branch, **{"as_of": TODAY, "tenure_cohort": "over_12", "arpu": 100, "probability": 0.5} | given)


@pytest.fixture
def analyst(client, lin):
    client.force_login(lin)
    return client


def test_it_counts_the_lines_of_the_reader_and_the_contacts_that_pay(analyst, branches):
    line(branches.city)
    line(branches.other, probability=0.001, tier="low")
    found = ask(analyst).context["plan"]
    assert (found.lines, found.paying, found.asked.contacts) == (2, 1, 2)
    assert found.best.net > 0


def test_a_manager_of_a_city_plans_for_his_own_lines_only(client, branches):
    line(branches.outlet)
    line(branches.other)
    client.force_login(make_user(role="manager", branch=branches.city))
    assert ask(client).context["plan"].lines == 1
    assert ask(client, "?branch=P1-C2").context["plan"].lines == 1  # not his to choose: the filter is not understood


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?branch=P1-C1", 1), ("?tier=medium", 1), ("?cohort=under_6", 1), ("?line_type=broadband", 1),
        ("?band=high", 1), ("?band=mid&cohort=over_12", 1), ("?calls=1", 2),
    ],
)  # fmt: skip
def test_filters_choose_lines(analyst, branches, query, count):
    line(branches.outlet)
    line(branches.other, tier="medium", tenure_cohort="under_6", line_type="broadband", arpu=200)
    assert ask(analyst, query).context["plan"].lines == count


def test_the_numbers_lead_to_the_rows_behind_them(analyst, branches):
    line(branches.city)
    answer = ask(analyst, "?branch=P1-C1&tier=high")
    assert answer.context["behind"] == "/churn/?tier=high&branch=P1-C1"
    (row,) = answer.context["table"].data
    assert row["href"] == "/churn/?tier=high&cohort=over_12&band=mid&branch=P1-C1"
    assert analyst.get(row["href"]).status_code == 200


def test_it_says_plainly_when_no_campaign_pays(analyst, branches):
    line(branches.city, probability=0.01)
    assert "No campaign pays here: even the best contact" in ask(analyst).text


def test_it_says_when_contact_makes_them_leave(analyst, branches):
    for kind, shipped in DEFAULT_TREATMENTS.items():
        Treatment.objects.create(kind=kind, **shipped)
        Experiment.objects.create(
            kind=kind, as_of=TODAY, treated=50_000, treated_left=5_000, control=15_000, control_left=960,
            source=f"test {kind}", recorded_at=NOW,
        )  # fmt: skip
    line(branches.city)
    text = ask(analyst).text
    assert "No campaign pays here: in tests the contact made customers leave." in text
    assert "Contact increases churn" in text


def test_before_the_first_scores_it_says_so(analyst):
    assert "No scores yet" in ask(analyst).text


def test_the_segments_are_exported(analyst, branches):
    line(branches.city)
    answer = ask(analyst, "?export=csv")
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert row["Segment"] == "Over 12 months · Middle"
    assert row["Lines"] == "1"
    assert "attachment" in ask(analyst, "?export=xlsx").headers["Content-Disposition"]


def test_nonsense_in_the_address_shows_the_form_and_no_error(analyst, branches):
    line(branches.city)
    for query in ("?calls=-5", "?calls=x", "?treatment=none", "?band=nowhere", "?branch=nowhere"):
        assert ask(analyst, query).context["plan"].lines == 1


def test_the_columns_are_read_once_and_never_shared_between_branches(branches, mia, django_assert_max_num_queries):
    line(branches.outlet)
    line(branches.other)
    city = make_user(role="manager", branch=branches.city)
    assert (len(scored_lines(mia)), len(scored_lines(city))) == (2, 1)
    with django_assert_max_num_queries(4):  # which night and run are the newest: nothing else
        assert (len(scored_lines(mia)), len(scored_lines(city))) == (2, 1)


def test_an_agent_would_see_only_customers_on_his_orders(branches, ana):
    line(branches.city)
    assert len(scored_lines(ana)) == 0
    clear_cache()


def test_lines_of_low_risk_are_behind_a_link_to_the_customer_list(analyst, branches):
    line(branches.city, tier="low", probability=0.01)
    assert ask(analyst, "?tier=low&cohort=over_12&band=mid").context["behind"] == "/customers/?tier=low&cohort=over_12"
