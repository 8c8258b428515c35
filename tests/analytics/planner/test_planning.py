from dataclasses import replace

import numpy as np
import pytest

from analytics.planner.services import BEST, plan_campaign, value_segments
from analytics.valuation.rules.economics import BANDS, COHORTS, KINDS, LINE_TYPES, Economics, Lines
from analytics.valuation.rules.save_rates import SaveRate

TYPES = len(LINE_TYPES)


def economics(rate=0.1, offers=(0.0, 50.0, 50.0, 50.0), contact=5.0) -> Economics:
    """Margin one half, ten months: a line is worth five times its monthly spend. Every treatment saves the same."""
    known = SaveRate(rate, rate, rate, 1, 100, 40)
    return Economics(
        margin=np.full(TYPES, 0.5),
        contact_cost=np.full(TYPES, contact),
        edges=np.tile([60.0, 120.0], (TYPES, 1)),
        months=np.full((TYPES, len(COHORTS)), 10.0),
        save=np.full((len(KINDS), len(COHORTS), len(BANDS)), rate),
        offer_cost=np.array(offers),
        rates={(k, c, b): known for k in KINDS for c in COHORTS for b in BANDS},
    )


def lines(*chance_and_spend: tuple[float, float]) -> Lines:
    chance, spend = (np.array(column, dtype=float) for column in zip(*chance_and_spend, strict=True))
    zero = np.zeros(len(chance), dtype=np.int8)
    return Lines(chance, spend, zero + 2, zero)


THREE = lines((0.09, 100.0), (0.50, 100.0), (0.20, 100.0))


def test_contacts_pay_down_to_the_break_even_chance():
    """0.1 x chance x 500 = 5 at a chance of one tenth: the line below it costs more than it brings."""
    found = plan_campaign(economics=economics(), lines=THREE, treatment="contact", calls=3)
    assert found.paying == 2
    assert found.break_even == pytest.approx(0.10)
    assert found.best.net == pytest.approx(0.1 * 0.7 * 500 - 10)


def test_a_list_of_a_given_length_takes_the_most_worthwhile_first():
    found = plan_campaign(economics=economics(), lines=THREE, treatment="contact", calls=1).asked
    assert (found.contacts, found.saved, found.kept, found.cost) == (1, pytest.approx(0.05), pytest.approx(25), 5)
    assert found.revenue == pytest.approx(50)
    assert found.net == pytest.approx(20)


def test_the_curve_rises_to_the_best_length_and_falls_after_it():
    many = lines(*[(chance / 1000, 100.0) for chance in range(1, 301)])
    found = plan_campaign(economics=economics(), lines=many, treatment=BEST, calls=50)
    top = max(found.curve, key=lambda point: point[1])
    assert abs(top[0] - found.paying) <= 6
    assert found.curve[0] == (0, 0.0)
    assert found.curve[-1][0] == 300
    assert found.by_chance < found.asked.net


def test_no_campaign_pays_where_the_best_gain_is_below_zero():
    found = plan_campaign(economics=economics(contact=500.0), lines=THREE, treatment=BEST, calls=3)
    assert found.paying == 0
    assert found.top < 0
    assert found.best.net == 0
    assert found.break_even is None


def test_a_harmful_treatment_pays_nowhere_and_says_so():
    found = plan_campaign(economics=economics(rate=-0.2), lines=THREE, treatment="contact", calls=3)
    assert (found.paying, found.harmful, found.break_even) == (0, 1.0, None)
    assert found.asked.saved < 0


def test_no_lines_are_no_error():
    none = Lines(*(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int8)))
    found = plan_campaign(economics=economics(), lines=none, treatment=BEST, calls=10)
    assert (found.lines, found.paying, found.curve) == (0, 0, [])
    assert value_segments(economics=economics(), lines=none) == []


def test_each_segment_gets_the_treatment_that_brings_most_there():
    terms = economics(offers=(0.0, 10.0, 50.0, 50.0))
    save = terms.save.copy()
    save[KINDS.index("renewal"), :, BANDS.index("high")] = 0.4
    found = value_segments(economics=replace(terms, save=save), lines=lines((0.5, 200.0), (0.5, 80.0), (0.3, 80.0)))
    assert [(row.band, row.kind, row.lines, row.paying) for row in found] == [
        ("high", "renewal", 1, 1), ("mid", "contact", 2, 2),
    ]  # fmt: skip
    assert found[0].net == pytest.approx(0.5 * 0.4 * 1000 - 15)


def test_a_segment_where_nothing_pays_is_listed_with_its_best_try():
    (row,) = value_segments(economics=economics(contact=500.0), lines=THREE)
    assert (row.paying, row.net) == (0, 0)
    assert row.top == pytest.approx(0.1 * 0.5 * 500 - 500)


def test_the_curve_is_cut_at_round_lengths():
    many = lines(*[(0.3, 100.0)] * 730)
    lengths = [
        length for length, _net in plan_campaign(economics=economics(), lines=many, treatment=BEST, calls=5).curve
    ]
    assert lengths[:3] == [0, 20, 40]
    assert lengths[-1] == 730
