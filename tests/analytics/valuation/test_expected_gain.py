from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analytics.valuation.defaults import DEFAULT_TREATMENTS
from analytics.valuation.models import Experiment, Treatment, TreatmentKind, ValueTerms
from analytics.valuation.rules.economics import KINDS, Economics, as_lines, expected_gain
from campaigns.offers.models import Offer
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def frame(*rows: tuple[object, object, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["tenure_cohort", "line_type", "monthly_spend"])


def only_contact_works() -> None:
    for kind, shipped in DEFAULT_TREATMENTS.items():
        rate = 0.10 if kind == "contact" else 0.0
        Treatment.objects.create(kind=kind, **shipped | {"save_rate": rate, "acceptance": 0 if rate else 1})


def test_there_is_a_treatment_for_every_kind_of_offer():
    assert set(Offer.Kind.values) | {"contact"} == set(TreatmentKind.values) == set(DEFAULT_TREATMENTS)


def test_gain_is_chance_times_saved_times_value_less_cost():
    ValueTerms.objects.create(
        line_type="", margin=0.5, discount_a_year=0, horizon_months=10, leaving_a_month=0, contact_cost=4
    )
    only_contact_works()
    gain = expected_gain(np.array([0.4]), frame(("over_12", "mobile", 100.0)))
    assert gain.tolist() == [16.0]


def test_the_best_treatment_of_a_line_depends_on_what_is_at_stake():
    best, gain = Economics.current().best(
        as_lines(np.array([0.02, 0.9]), frame(("over_12", "mobile", 60.0), ("over_12", "mobile", 300.0)))
    )
    assert KINDS[best[0]] == "contact"
    assert KINDS[best[1]] == "renewal"
    assert gain[0] < 0 < gain[1]


def test_blanks_are_reckoned_as_nothing_at_stake():
    gain = expected_gain(np.array([0.5, np.nan]), frame((None, None, np.nan), ("over_12", "mobile", 80.0)))
    assert gain.tolist() == [-4, -4]


def test_terms_of_a_line_type_hold_for_it_alone():
    ValueTerms.objects.create(line_type="broadband", contact_cost=40)
    gain = expected_gain(np.zeros(2), frame(("over_12", "mobile", 50.0), ("over_12", "broadband", 50.0)))
    assert gain.tolist() == [-4, -40]


def test_a_test_that_did_harm_turns_the_gain_against_contacting():
    only_contact_works()
    Experiment.objects.create(
        kind="contact", as_of=TODAY, treated=50_000, treated_left=5_000, control=15_000, control_left=960, source="x",
        recorded_at=NOW,
    )  # fmt: skip
    Treatment.objects.exclude(kind="contact").update(offer_cost=Decimal(10_000))
    economics = Economics.current()
    assert economics.rates["contact", "over_12", "mid"].does_harm
    assert expected_gain(np.array([0.5]), frame(("over_12", "mobile", 100.0)))[0] < -100


def test_a_withdrawn_test_is_not_heard():
    Experiment.objects.create(
        kind="contact", as_of=TODAY, treated=50_000, treated_left=5_000, control=15_000, control_left=960, source="x",
        recorded_at=NOW, withdrawn_at=NOW,
    )  # fmt: skip
    assert not Economics.current().rates["contact", "over_12", "mid"].is_learned


def test_terms_are_read_once_for_any_number_of_chunks(django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        economics = Economics.current()
    with django_assert_max_num_queries(0):
        for _chunk in range(3):
            economics.expected_gain(np.full(1_000, 0.1), frame(*[("over_12", "mobile", 80.0)] * 1_000))
