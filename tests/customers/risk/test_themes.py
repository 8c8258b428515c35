import pytest

from customers import fields
from customers.risk.text.themes import ALL_THEMES, BASE_THEME, THEMES, sum_by_theme, theme_of


@pytest.mark.parametrize("field", fields.model_fields(), ids=lambda field: field.key)
def test_every_factor_a_model_may_name_belongs_to_a_business_reason(field):
    assert field.theme in THEMES


def test_there_are_eight_to_twelve_reasons_and_each_is_used():
    used = {str(field.theme) for field in fields.model_fields()} | {"own"}
    assert 8 <= len(ALL_THEMES) <= 12
    assert used == set(THEMES)
    assert BASE_THEME not in THEMES


@pytest.mark.parametrize("theme", ALL_THEMES, ids=lambda theme: theme.key)
def test_every_reason_says_what_it_means_and_what_to_do(theme):
    texts = [theme.label, theme.raises, theme.lowers, theme.talk]
    assert all(str(text).strip() for text in texts)
    assert 1 <= str(theme.talk).count(".") + str(theme.talk).count(":") <= 4
    assert len({str(text) for text in texts}) == 4


def test_an_operators_own_field_and_an_unknown_factor_are_its_own_data():
    assert theme_of("attributes.churn_hint") == theme_of("of_an_older_model") == "own"
    assert theme_of("dropped_rate") == "network"


def test_what_shows_other_people_or_a_rival_may_not_be_said():
    assert not any(THEMES[key].sayable for key in ("rival", "group", "profile", "own"))


def test_factors_of_one_reason_add_up_strongest_first():
    factors = [
        {"factor": "data_change", "contribution": 0.5, "value": -0.4},
        {"factor": "arpu", "contribution": 0.6, "value": 90},
        {"factor": "voice_in_change", "contribution": 0.25, "value": -0.2},
        {"factor": "discount_lost", "contribution": -0.1, "value": 0},
    ]
    assert sum_by_theme(factors) == pytest.approx({"usage": 0.75, "price": 0.5})
    assert list(sum_by_theme(factors)) == ["usage", "price"]
