from datetime import date

import pytest
from django.utils import translation

from customers.fields import FIELDS
from customers.fields.attributes import custom_fields_by_key
from customers.risk.text.reasons import format_reasons
from tests.factories import make_custom_field


def said(factor, value, **options) -> str:
    found = format_reasons([{"factor": factor, "contribution": 0.5, "value": value}], for_agent=False, **options)
    return found[0].text


@pytest.mark.parametrize(
    ("factor", "value", "text"),
    [
        ("voice_in_change", -0.623, "calls in fell 62% against the three months before"),
        ("voice_in_change", 0.05, "calls in rose 5% against the three months before"),
        ("bill_change", -1, "spend fell 100% against the three months before"),
        ("in_contract", 0.0, "is not bound by a contract"),
        ("in_contract", True, "is bound by a contract"),
        ("contract_days_left", 12, "the contract ends in 12 days"),
        ("tenure_months", 3.44, "has been with us for 3.4 months"),
        ("terminal_generation", "3G", "uses a 3G phone"),
        ("complaints_90d", 1, "complained once in 90 days"),
        ("complaints_90d", 2, "complained 2 times in 90 days"),
        ("channel", "agent_store", "joined through agent store"),
        ("channel", "own_code_7", "joined through own code 7"),
        ("discount_lost", 1234.4, "a discount of 1,234 yuan has ended"),
    ],
)
def test_a_factor_is_said_with_the_phrase_of_the_catalogue(factor, value, text):
    assert said(factor, value) == text


@pytest.mark.parametrize(
    ("factor", "value", "text"),
    [
        ("line_type", "mobile", "Line type: Mobile"),
        ("arpu", 58.2, "Monthly spend, six-month mean: ¥58"),
        ("satisfaction", None, "Last satisfaction answer: not known"),
        ("in_share", None, "Incoming share of calls: not known"),
        ("complaints_90d", 0, "Complaints in 90 days: 0"),
    ],
)
def test_where_no_phrase_would_be_right_the_label_and_the_value_stand(factor, value, text):
    assert said(factor, value) == text


def test_only_what_raises_the_risk_is_given_unless_asked():
    reasons = [
        {"factor": "bill_change", "contribution": 0.4, "value": -0.3},
        {"factor": "in_contract", "contribution": -0.6, "value": True},
        {"factor": "arrears", "contribution": 0, "value": 5},
    ]
    assert [one.factor for one in format_reasons(reasons)] == ["bill_change"]
    assert [one.factor for one in format_reasons(reasons, raising_only=False)] == [
        "bill_change",
        "in_contract",
        "arrears",
    ]


def test_an_agent_is_not_given_what_he_may_not_say():
    reasons = [
        {"factor": "port_inquiries_60d", "contribution": 0.9, "value": 2},
        {"factor": "bill_change", "contribution": 0.4, "value": -0.3},
    ]
    assert [one.factor for one in format_reasons(reasons)] == ["bill_change"]
    both = format_reasons(reasons, for_agent=False)
    assert [(one.factor, one.sayable) for one in both] == [("port_inquiries_60d", False), ("bill_change", True)]


def test_what_is_not_known_is_nothing_to_say():
    assert format_reasons([{"factor": "satisfaction", "contribution": 0.4, "value": None}]) == []


def test_an_operators_own_field_is_named_by_its_title_in_the_readers_language(db):
    make_custom_field(key="vip_desk", name="VIP desk", name_zh="贵宾台", kind="flag")
    assert said("vip_desk", "true") == "VIP desk: yes"
    assert said("attributes.vip_desk", 0) == "VIP desk: no"
    with translation.override("zh-hans"):
        assert said("vip_desk", "1").startswith("贵宾台")


def test_an_own_date_is_written_as_a_date(db):
    make_custom_field(key="card_ends", name="Card ends", kind="date")
    with translation.override("en"):
        assert said("card_ends", date(2027, 3, 1)) == said("card_ends", "2027-03-01") != "Card ends: 2027-03-01"
    assert said("card_ends", "soon") == "Card ends: soon"


def test_a_factor_nobody_declared_is_still_readable_but_not_said(db):
    found = format_reasons([{"factor": "old_field", "contribution": 1, "value": 3}], for_agent=False)
    assert (found[0].text, found[0].sayable) == ("old field: 3", False)


def test_with_the_labels_at_hand_no_query_is_made(db, django_assert_num_queries):
    make_custom_field(key="region", name="Region")
    labels = custom_fields_by_key()
    with django_assert_num_queries(0):
        assert said("region", "north", custom=labels) == "Region: north"


def test_every_model_field_gives_a_sentence_for_any_value():
    for field in FIELDS.values():
        for value in (None, 0, 1, -0.5, True, "x") if field.kind == "choice" else (None, 0, 1, -0.5, 12345.678):
            assert said(field.key, value).strip()
            assert "{value}" not in said(field.key, value)


def test_usual_codes_of_source_systems_are_words_in_the_readers_language():
    with translation.override("zh-hans"):
        assert said("channel", "agent_store") == "通过代理商网点入网"
        assert said("channel", "own_code_7") == "通过own code 7入网"


@pytest.mark.parametrize(
    ("factor", "value", "later", "text"),
    [
        ("contract_days_left", 3, 1, "the contract ends in 2 days"),
        ("contract_days_left", 2, 1, "the contract ends in one day"),
        ("contract_days_left", 1, 2, "the contract ends in 0 days"),
        ("days_since_contract", 1, 1, "the last contract ended 2 days ago"),
        ("days_since_payment", 1, 1, "last paid 2 days ago"),
        ("days_overdue", 1, 1, "a bill is 2 days overdue"),
        ("zero_call_days", 5, 1, said("zero_call_days", 5)),
        ("bill_change", -0.2, 1, "spend fell 20% against the three months before"),
    ],
)
def test_days_until_and_since_are_counted_to_the_day_of_the_reader(factor, value, later, text):
    assert said(factor, value, days_later=later) == text
    given = [{"factor": factor, "contribution": 0.5, "value": value}]
    assert format_reasons(given, for_agent=False, days_later=later)[0].value == value


def test_every_field_that_counts_days_since_or_until_something_ages():
    ages = {field.key for field in FIELDS.values() if field.a_day_later}
    since = {key for key in FIELDS if key.startswith("days_since")}
    assert ages == since | {"contract_days_left", "days_overdue", "days_ticket_open", "tenure_days"}
