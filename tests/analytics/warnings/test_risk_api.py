"""B2: the risk of a line and the list of warnings, as a billing system pulls them."""

from datetime import timedelta

import pytest
from django.db import connection

from analytics.declarations import RISK_READ
from analytics.warnings.api.risk import warned_scores
from customers.declarations import CONTACTS_READ
from tests.api import make_client
from tests.factories import TODAY, make_branch, make_custom_field, make_customer, make_risk_score, make_subscriber

pytestmark = pytest.mark.django_db
KEYS = [
    "subscriber_no", "as_of", "probability", "decile", "tier", "cohort", "expected_gain", "reasons", "model_version",
]  # fmt: skip

ENGLISH = "calls in fell 62% against the three months before"


@pytest.fixture
def caller():
    return make_client(RISK_READ)


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


def numbers(answer):
    return [row["subscriber_no"] for row in answer.json()["results"]]


def test_the_newest_score_with_its_reasons_has_exactly_the_keys_of_the_contract(caller):
    line = make_subscriber()
    make_risk_score(subscriber=line, as_of=TODAY - timedelta(days=40), probability=0.1)
    reasons = [
        {"factor": "voice_in_change", "contribution": 0.8, "value": -0.62},
        {"factor": "contract_days_left", "contribution": -0.4, "value": 300},
    ]
    make_risk_score(subscriber=line, probability=0.42, expected_gain="12.50", reasons=reasons)
    answer = caller.get(f"subscribers/{line.subscriber_no}/risk").json()
    assert list(answer) == KEYS
    assert (answer["as_of"], answer["probability"], answer["tier"]) == (TODAY.isoformat(), 0.42, "high")
    assert (answer["decile"], answer["cohort"], answer["expected_gain"]) == (1, "over_12", "12.50")
    assert [list(reason) for reason in answer["reasons"]] == [["factor", "text", "contribution", "value", "theme"]] * 2
    assert answer["reasons"][0] | {"text": ""} == reasons[0] | {"text": "", "theme": "usage"}
    assert answer["reasons"][1]["theme"] == "contract"
    assert "62" in answer["reasons"][0]["text"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [({}, ENGLISH), ({"Accept_Language": "en"}, ENGLISH), ({"Accept_Language": "fr"}, ENGLISH),
     ({"Accept_Language": "zh-CN,en;q=0.5"}, "被叫时长较前三个月下降62%")],
)  # fmt: skip
def test_reasons_are_in_the_asked_language_and_english_without_one(caller, asked, said):
    reasons = [{"factor": "voice_in_change", "contribution": 0.8, "value": -0.62}]
    line = make_risk_score(subscriber=make_subscriber(), reasons=reasons).subscriber
    answer = caller.get(f"subscribers/{line.subscriber_no}/risk", **asked)
    assert answer.json()["reasons"][0]["text"] == said
    assert caller.get("warnings", **asked).json()["results"][0]["reasons"][0]["text"] == said
    assert "Accept-Language" in answer["Vary"]


def test_an_operators_own_field_is_a_reason_like_any_other(caller):
    make_custom_field(key="vip_hotline", name="VIP hotline")
    reasons = [{"factor": "attributes.vip_hotline", "contribution": 0.3, "value": "never"}]
    line = make_risk_score(subscriber=make_subscriber(), reasons=reasons).subscriber
    (reason,) = caller.get(f"subscribers/{line.subscriber_no}/risk").json()["reasons"]
    assert reason["text"] == "VIP hotline: never"


def test_no_line_and_no_score_are_told_apart(caller):
    line = make_subscriber()
    assert code(caller.get(f"subscribers/{line.subscriber_no}/risk")) == (404, "not_scored")
    assert code(caller.get("subscribers/NOBODY/risk")) == (404, "not_found")
    assert code(caller.get("subscribers/a%00b/risk")) == (404, "not_found")


def test_whoever_opted_out_of_profiling_has_no_score_even_if_there_was_one(caller):
    line = make_subscriber(customer=make_customer(profiling_opt_out=True))
    make_risk_score(subscriber=line)
    assert code(caller.get(f"subscribers/{line.subscriber_no}/risk")) == (404, "not_scored")
    assert numbers(caller.get("warnings")) == []


def test_a_client_of_a_branch_does_not_learn_that_other_lines_exist(branches):
    caller = make_client(RISK_READ, branch=branches.city)
    inside = make_risk_score(subscriber=make_subscriber(branch=branches.outlet)).subscriber
    outside = make_risk_score(subscriber=make_subscriber(branch=branches.other)).subscriber
    assert caller.get(f"subscribers/{inside.subscriber_no}/risk").status_code == 200
    assert code(caller.get(f"subscribers/{outside.subscriber_no}/risk")) == (404, "not_found")
    assert numbers(caller.get("warnings")) == [inside.subscriber_no]
    assert code(caller.get(f"warnings?branch={branches.other.code}")) == (422, "bad_parameter")
    assert numbers(caller.get(f"warnings?branch={branches.outlet.code}")) == [inside.subscriber_no]


def test_warnings_are_the_newest_days_lines_at_risk_the_likeliest_first(caller):
    lines = [make_subscriber() for _line in range(4)]
    for line, probability, tier in zip(
        lines, (0.3, 0.9, 0.01, 0.5), ("medium", "critical", "low", "high"), strict=True
    ):
        make_risk_score(subscriber=line, probability=probability, tier=tier)
    make_risk_score(subscriber=lines[0], as_of=TODAY - timedelta(days=1), probability=0.99)
    answer = caller.get("warnings")
    assert (answer.json()["as_of"], answer.json()["next"]) == (TODAY.isoformat(), None)
    assert numbers(answer) == [lines[i].subscriber_no for i in (1, 3, 0)]
    assert list(answer.json()["results"][0]) == KEYS
    assert numbers(caller.get("warnings?tier=medium")) == [lines[0].subscriber_no]
    assert numbers(caller.get("warnings?tier=low")) == [lines[2].subscriber_no]
    earlier = caller.get(f"warnings?as_of={TODAY - timedelta(days=1)}")
    assert numbers(earlier) == [lines[0].subscriber_no]
    assert numbers(caller.get("warnings?as_of=2020-01-01")) == []


def test_pages_give_every_warning_once_in_a_stable_order_however_equal_they_are(caller):
    lines = [make_subscriber() for _line in range(7)]
    for line in lines:
        make_risk_score(subscriber=line, probability=0.1 + 0.2)
    seen, cursor = [], ""
    while cursor is not None:
        answer = caller.get(f"warnings?limit=3&cursor={cursor}").json()
        seen += [row["subscriber_no"] for row in answer["results"]]
        cursor = answer["next"]
    assert seen == [line.subscriber_no for line in lines]


def test_nothing_scored_yet_is_an_empty_list(caller):
    assert caller.get("warnings").json() == {"as_of": None, "results": [], "next": None}


@pytest.mark.parametrize(
    "query",
    ["tier=nope", "as_of=today", "as_of=2026-02-30", "branch=NOPE", "branch=%00", "cursor=%21", "cursor=W10",
     "cursor=WyJhIiwxXQ", "cursor=%E9%81%93", "limit=0", "limit=501", "limit=ten"],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_named(caller, query):
    make_risk_score(subscriber=make_subscriber())
    answer = caller.get(f"warnings?{query}")
    assert code(answer) == (422, "bad_parameter")
    assert answer.json()["error"]["details"][0]["field"] == query.partition("=")[0]


def test_the_scope_is_asked_for():
    caller = make_client(CONTACTS_READ)
    for path in ("warnings", "subscribers/S1/risk"):
        assert code(caller.get(path)) == (403, "missing_scope")


def test_a_page_costs_the_same_queries_however_long_it_is(caller, django_assert_max_num_queries):
    for _line in range(12):
        make_risk_score(subscriber=make_subscriber())
    with django_assert_max_num_queries(6):
        assert len(numbers(caller.get("warnings"))) == 12


def test_a_page_of_warnings_is_read_from_its_index(caller):
    make_branch()
    make_risk_score(subscriber=make_subscriber())
    scores = warned_scores(caller.client, as_of=TODAY, tier="high", branch=None).order_by(
        "-probability", "subscriber_id"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = scores[:100].explain()
    assert "as_of_probability" in plan or "risk_warnings" in plan
    assert "Sort Key: (customers_riskscore" not in plan
