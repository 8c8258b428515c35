"""The declared card: points add up, bands and levels have no gap, and SQL judges as the declaration reads."""

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from customers import fields
from customers.credit.queries import level_sql, points_sql
from customers.credit.rules import (
    CARDS,
    FACTORS,
    LEVEL_FLOORS,
    MOST_POINTS,
    CreditLevel,
    level_bounds,
    level_of,
)

VALUES = {key: st.one_of(st.none(), st.decimals(0, 1000, places=factor.decimals)) for key, factor in FACTORS.items()}
CARD = st.sampled_from(sorted(CARDS))


def select(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("card", CARDS)
def test_the_best_points_of_a_card_are_a_hundred(card):
    assert sum(factor.most for factor in CARDS[card]) == MOST_POINTS == 100


@pytest.mark.parametrize("key", FACTORS)
def test_bands_rise_without_a_gap_and_end_open(key):
    bands = FACTORS[key].bands
    limits = [band.up_to for band in bands[:-1]]
    assert limits == sorted(set(limits))
    assert bands[-1].up_to is None
    assert all(0 <= band.points <= FACTORS[key].most for band in bands)
    assert 0 <= FACTORS[key].unknown <= FACTORS[key].most


def test_levels_cover_every_score_once():
    bounds = list(level_bounds())
    assert [score for _level, low, high in reversed(bounds) for score in range(low, high + 1)] == list(range(101))
    assert all(level_of(score) == level for level, low, high in bounds for score in range(low, high + 1))
    assert [level for level, _low, _high in bounds] == ["excellent", "good", "fair", "poor"]
    assert set(LEVEL_FLOORS) | {CreditLevel.UNRATED} == set(CreditLevel)


@given(card=CARD, values=st.fixed_dictionaries(VALUES))
def test_whatever_the_values_the_score_is_from_0_to_100_and_has_a_level(card, values):
    points = [factor.points(values[factor.key]) for factor in CARDS[card]]
    assert 0 <= sum(points) <= MOST_POINTS
    assert level_of(sum(points)) in LEVEL_FLOORS


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(values=st.fixed_dictionaries(VALUES))
def test_sql_gives_the_points_that_the_declaration_gives(values):
    for key, factor in FACTORS.items():
        value = values[key]
        given_by_sql = select(points_sql(factor, "NULL::numeric" if value is None else f"{value}::numeric"))
        assert given_by_sql == factor.points(value), (key, value)


@pytest.mark.django_db
def test_sql_stands_on_both_sides_of_every_border():
    for factor in FACTORS.values():
        for place, band in enumerate(factor.bands[:-1]):
            step = Decimal(1).scaleb(-factor.decimals)
            assert select(points_sql(factor, f"{band.up_to}")) == band.points
            assert select(points_sql(factor, f"{band.up_to + step}")) == factor.bands[place + 1].points


@pytest.mark.django_db
def test_sql_gives_the_level_of_every_score():
    assert {score: select(level_sql(f"{score}")) for score in range(101)} == {
        score: level_of(score).value for score in range(101)
    }
    assert select(level_sql("NULL::int")) == "unrated"


def test_models_do_not_learn_from_credit_and_rules_may_ask_it():
    """A model in force keeps its columns; the payment facts that credit adds up are its features already."""
    assert {"credit_score", "credit_level"} & {field.key for field in fields.model_fields()} == set()
    assert {"credit_score", "credit_level"} <= {field.key for field in fields.rule_fields()}
