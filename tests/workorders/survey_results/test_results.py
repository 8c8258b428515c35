"""The results of a questionnaire: what is counted, where a count leads, and who sees it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from tests.factories import NOW, make_branch, make_user
from tests.workorders.rows import make_floor, make_orders
from tests.workorders.surveys.rows import make_asked
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.survey_results import queries
from workorders.survey_results.crosstables import cross_table
from workorders.survey_results.visits import evaluate
from workorders.surveys.defaults import NEW_SUBSCRIBER_VISIT
from workorders.surveys.models import Response

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
CODE = "follow_up"
GIVEN = [
    ({"solved": "yes", "mark": "5"}, "retained"),
    ({"solved": "yes", "mark": "4"}, "retained"),
    ({"solved": "no", "why": "fee,network", "words": "w", "mark": "1"}, "refused"),
    ({"solved": "no", "words": "w"}, "refused"),
]


def answer(agent, team, given, disposition, now=NOW):
    make_orders(1, team=team, now=now)
    order = claim_next(agent=agent, now=now)
    return record_outcome(
        order_no=order.order_no, agent=agent, disposition=disposition, version=None, now=now, answers=given
    )


@pytest.fixture
def ada():
    return make_user(role="administrator")


@pytest.fixture
def answered(floor):
    make_asked()
    return [answer(floor[1][0], floor[0], *one) for one in GIVEN]


def page_of(client, person, query="", code=CODE):
    client.force_login(person)
    return client.get(reverse("survey_results:results", args=[code]) + query)


def listed(page):
    return {row.record.order.order_no for row in page.context["table"].page.object_list}


def test_distributions_count_standing_responses_by_answer(answered, ada):
    found = queries.distributions(queries.responses_for(ada, CODE, {}))
    assert found["solved"] == {"no": 2, "yes": 2}
    assert found["why"] == {"fee": 1, "network": 1}
    assert found["mark"] == {"1": 1, "4": 1, "5": 1}
    Response.objects.filter(order=answered[0]).update(replaced_at=NOW)
    assert queries.distributions(queries.responses_for(ada, CODE, {}))["solved"] == {"no": 2, "yes": 1}


def test_the_mean_score_is_a_share_with_its_interval(answered, ada):
    mean = queries.mean_score(queries.responses_for(ada, CODE, {}))
    shares = [8 / 8, 7 / 8, 1 / 8, 0 / 3]
    assert mean.count == 4 and mean.value == pytest.approx(sum(shares) / 4)
    spread = (sum((one - mean.value) ** 2 for one in shares) / 3) ** 0.5
    free = queries.mean_of(4, mean.value, spread)
    assert free.high - free.value == pytest.approx(3.182446 * spread / 2, rel=1e-5)
    assert (mean.low, mean.high) == (0.0, 1.0), "a share is cut to what there can be"
    assert queries.mean_marks(queries.responses_for(ada, CODE, {}), ["mark"])["mark"].value == pytest.approx(10 / 3)


def test_one_response_has_a_mean_and_no_interval(floor, ada):
    make_asked()
    answer(floor[1][0], floor[0], *GIVEN[0])
    mean = queries.mean_score(queries.responses_for(ada, CODE, {}))
    assert (mean.count, mean.value, mean.low, mean.high) == (1, 1.0, None, None)


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        ("q:solved", "q:mark", {("yes", "5"): 1, ("yes", "4"): 1, ("no", "1"): 1}),
        ("q:solved", "disposition", {("yes", "retained"): 2, ("no", "refused"): 2}),
        ("result", "q:solved", {("retained", "yes"): 2, ("refused", "no"): 2}),
        ("disposition", "version", {("retained", "1"): 2, ("refused", "1"): 2}),
        ("q:why", "q:solved", {("fee", "no"): 1, ("network", "no"): 1}),
    ],
)
def test_any_two_are_crossed(answered, ada, rows, columns, expected):
    assert queries.cross_counts(queries.responses_for(ada, CODE, {}), rows, columns) == expected


def test_chi_square_as_in_the_textbook_and_small_cells_are_said():
    table = cross_table({("a", "x"): 30, ("a", "y"): 10, ("b", "x"): 10, ("b", "y"): 30}, ["b", "a"], [], tested=True)
    assert (table.rows, table.columns, table.cells) == (["b", "a"], ["x", "y"], [[10, 30], [30, 10]])
    assert table.p == pytest.approx(7.744e-06, rel=1e-3) and not table.small
    small = cross_table({("a", "x"): 3, ("b", "y"): 3}, [], [], tested=True)
    assert small.small and small.p is not None
    assert cross_table({("a", "x"): 3}, [], [], tested=True).p is None
    assert cross_table({("a", "x"): 3, ("b", "y"): 3}, [], [], tested=False).p is None


def test_every_count_leads_to_exactly_its_orders(client, answered, ada):
    page = page_of(client, ada, "?rows=q:solved&columns=disposition")
    assert page.status_code == 200
    by_title = {spec["title"]: spec for spec in page.context["charts"]}
    solved = by_title["Is it solved?"]
    for link, count in zip(solved["links"], solved["series"][0]["values"], strict=True):
        assert len(listed(page_of(client, ada, link.partition("#")[0]))) == count == 2
    cross = page.context["cross_chart"]
    links = [link for row in cross["links"] for link in row]
    cells = [cell for row in cross["cells"] for cell in row]
    for link, count in zip(links, cells, strict=True):
        found = listed(page_of(client, ada, link.partition("#")[0]))
        assert len(found) == count, parse_qs(urlsplit(link).query)
    kept = page_of(client, ada, "?answers=solved:no&answers=why:fee")
    assert listed(kept) == {answered[2].order_no}


def test_the_filters_keep_period_branch_type_and_version(client, answered, ada, floor):
    today = NOW.date().isoformat()
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    branch = floor[0].branch.code
    for query, count in (
        (f"?after={today}&before={today}", 4), (f"?after={tomorrow}", 0), (f"?branch={branch}", 4), ("?version=1", 4),
        (f"?branch={make_branch().code}", 0), ("?type=churn_retention", 4), ("?type=care", 0),
        ("?disposition=refused", 2), ("?result=retained", 2), ("?version=99", 4),
    ):  # fmt: skip
        assert len(listed(page_of(client, ada, query))) == count, query


def test_nobody_sees_responses_to_orders_of_others(client, answered, floor):
    own = make_user(role="manager", branch=floor[0].branch)
    other = make_user(role="manager", branch=make_branch())
    stranger = make_user(role="supervisor", branch=floor[0].branch, teams=(make_floor(0)[0],))
    assert len(listed(page_of(client, own))) == 4
    assert page_of(client, other).context["count"] == page_of(client, stranger).context["count"] == 0


def test_the_export_has_every_answer_in_words(client, answered, ada):
    text = b"".join(page_of(client, ada, "?answers=why:fee&export=csv")).decode("utf-8-sig")
    head, row = text.strip().splitlines()
    assert "Is it solved?" in head and "Why not?" in head
    assert answered[2].order_no in row and "Fee, Network" in row


def test_visits_are_evaluated_by_branch_and_channel(client, floor, ada):
    row = make_asked(code=NEW_SUBSCRIBER_VISIT["code"], blocks=NEW_SUBSCRIBER_VISIT["tree"]["blocks"])
    common = {"policy_told": "fully", "content": "4", "channel_served": "4"}
    given = [
        common | {"real_user": "owner", "data_true": "true", "in_use": "main", "channel": "hall"},
        common | {"real_user": "family", "data_true": "false", "in_use": "stopped", "channel": "agency"},
        {"real_user": "other"},
    ]
    for one in given:
        answer(floor[1][0], floor[0], one, "retained")
    responses = queries.responses_for(ada, row.code, {})
    (branch,) = evaluate(responses, "branch")
    assert (branch["group"], branch["responses"]) == (floor[0].branch.name, 3)
    assert branch["real_user"] == pytest.approx(2 / 3)
    assert (branch["data_true"], branch["stopped"], branch["policy_told"], branch["channel"]) == (0.5, 0.5, 1.0, 4.0)
    assert branch["handset"] is None
    assert {one["group"]: one["stopped"] for one in evaluate(responses, "channel")} == {"hall": 0.0, "agency": 1.0}
    line = responses.order_by("pk").first().order.subscriber
    type(line.profile).objects.filter(pk=line.pk).update(terminal_brand="Harmony", contract_policy="P24")
    assert {one["group"]: one["responses"] for one in evaluate(responses, "handset")} == {"Harmony": 1, "not known": 2}
    assert {one["group"] for one in evaluate(responses, "policy")} == {"P24", "not known"}
    assert line.plan.name in {one["group"] for one in evaluate(responses, "plan")}
    page = page_of(client, ada, "?by=channel", code=row.code)
    assert "Our own shop" in page.content.decode() and "Real user" in page.content.decode()
