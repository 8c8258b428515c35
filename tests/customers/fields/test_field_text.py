"""How values are shown: one home, four degrees of exactness."""

import pytest
from django.utils import translation

from customers.facts.models import CustomField
from customers.fields import FIELDS
from customers.fields.text import BORDER, EXACT, SETTING, SPOKEN, field_label, format_own_value, format_value


@pytest.mark.parametrize(
    ("key", "value", "style", "text"),
    [
        ("arpu", 58.2, SPOKEN, "¥58"),
        ("arpu", 58.25, EXACT, "58.25 yuan"),
        ("arpu", 58.25, SETTING, "58 yuan"),
        ("use_change", -0.123, SPOKEN, "−12%"),
        ("use_change", -0.123, EXACT, "−12.3%"),
        ("tenure_months", 12.4, SPOKEN, "12 months"),
        ("tenure_months", 12.4, BORDER, "12.4 months"),
        ("tenure_months", 2.0, SPOKEN, "2 months"),
        ("silent", "t", SPOKEN, "yes"),
        ("contract_ends_on", "2026-11-01", SPOKEN, "1 Nov 2026"),
        ("line_type", "mobile", SPOKEN, "Mobile"),
        ("channel", "agent_store", SPOKEN, "agent store"),
        ("arpu", None, SPOKEN, "not known"),
    ],
)
def test_a_value_is_shown_by_its_kind(key, value, style, text):
    assert format_value(FIELDS[key], value, style) == text


def test_a_rule_joins_number_and_unit_as_the_language_does():
    with translation.override("zh-hans"):
        assert format_value(FIELDS["tenure_months"], 12, EXACT) == "12个月"
        assert format_value(FIELDS["tenure_months"], 12, SPOKEN) == "12 个月"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [("flag", "0", "no"), ("date", "2026-11-01", "1 Nov 2026"), ("number", 2.44, "2.4"), ("text", "Fiber", "Fiber")],
)
def test_an_own_field_is_shown_by_its_kind(kind, value, text):
    assert format_own_value(CustomField(kind=kind), value) == text


def test_a_label_comes_from_the_catalogue_the_own_fields_or_the_key():
    own = {"partner": CustomField(key="partner", name="Partner", name_zh="Partner")}
    assert field_label("arpu") == "Monthly spend, six-month mean"
    assert field_label("attributes.partner", own) == "Partner"
    assert field_label("attributes.gone", own) == "gone"
