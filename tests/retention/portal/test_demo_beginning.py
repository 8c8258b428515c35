"""The demo's operator is loaded twice on one day; nothing of that passes for its past."""

from types import SimpleNamespace

import pytest

from customers.facts.models import PastValue
from retention.core import clock
from retention.portal.services import demo
from tests.factories import TODAY, make_subscriber

pytestmark = pytest.mark.django_db


def test_values_of_the_beginning_are_no_past_ones(monkeypatch):
    line = make_subscriber()

    def load(pieces):
        PastValue.objects.create(
            table=line._meta.db_table, row=line.pk, column="status", was=line.status, until=clock.now()
        )
        return 1

    monkeypatch.setattr(demo, "load_pieces", load)
    monkeypatch.setattr(demo, "simulate_operator", lambda *_given, **_more: ())
    step = SimpleNamespace(rows=0)
    demo._operator(step, 10, TODAY)
    assert step.rows == 1
    assert not PastValue.objects.exists()
