"""What a catalogue may leave unsaid: a price that is not stated is kept as not known."""

from decimal import Decimal

import pytest

from customers.facts.models import Plan
from tests.customers.ingest.rows import PLAN, send

pytestmark = pytest.mark.django_db


def stored() -> tuple:
    plan = Plan.objects.get(code="P1")
    return plan.voice_rate, plan.data_rate, plan.bandwidth_mbps, plan.is_restricted


def test_a_price_that_is_left_out_is_not_known_and_zero_is_zero():
    without = {name: value for name, value in PLAN.items() if name != "data_rate"}
    assert send("plans", [without | {"voice_rate": "0"}]).applied == 1
    assert stored() == (Decimal("0.0000"), None, None, False)


def test_a_price_that_comes_later_fills_the_hole_and_a_row_without_it_keeps_it():
    without = {name: value for name, value in PLAN.items() if name != "data_rate"}
    send("plans", [without])
    send("plans", [PLAN | {"bandwidth_mbps": "300", "is_restricted": "true"}])
    assert stored() == (Decimal("0.1500"), Decimal("0.0300"), 300, True)
    send("plans", [without | {"name": "Other"}])
    assert stored() == (Decimal("0.1500"), Decimal("0.0300"), 300, True)


def test_a_price_below_zero_is_refused():
    assert send("plans", [PLAN | {"data_rate": "-0.01"}]).applied == 0
