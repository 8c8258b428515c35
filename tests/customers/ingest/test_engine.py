"""What the billing API will ask of the engine: all or nothing, and nothing at all of a batch that is mostly bad."""

import pytest
from django.db import DatabaseError

from customers.facts.models import Bill
from customers.ingest.chunks import chunks_of
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from customers.ingest.services.loading import load
from tests.customers.ingest.rows import NOW, bill, table

pytestmark = pytest.mark.django_db


def load_bills(rows: list[dict], **options: object):
    return load(RESOURCES["bills"], chunks_of(table(rows), size=2), source="batch 1", now=NOW, **options)


def test_more_bad_rows_than_allowed_hold_the_batch_and_are_kept(operator: None) -> None:
    result = load_bills([bill(1), bill(2, total="x")], hold_above=0.2)
    assert result.held
    assert result.counts() == {"received": 2, "applied": 0, "unchanged": 0, "waiting": 0, "rejected": 1}
    assert not Bill.objects.exists()
    assert QuarantinedRow.objects.count() == 1
    released = load_bills([bill(1), bill(2, total="x")])
    assert (released.applied, released.rejected, QuarantinedRow.objects.count()) == (1, 1, 1)


def test_as_many_bad_rows_as_allowed_do_not_hold_it(operator: None) -> None:
    result = load_bills([bill(1), bill(2, total="x")], hold_above=0.5)
    assert (result.held, result.applied) == (False, 1)


def test_an_atomic_load_that_fails_leaves_nothing(operator: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from customers.ingest.services import landing

    calls = iter([landing.land])

    def second_fails(checked: object, **given: object) -> int:
        for real in calls:
            return real(checked, **given)
        raise DatabaseError("gone")

    monkeypatch.setattr(landing, "land", second_fails)
    with pytest.raises(DatabaseError):
        load_bills([bill(1), bill(2), bill(3)], atomic=True)
    assert not Bill.objects.exists()


def test_first_and_last_row_numbers_follow_the_source(operator: None) -> None:
    result = load(RESOURCES["bills"], chunks_of(table([bill(1, total="x")]), first_row=501), source="part 2", now=NOW)
    assert (result.errors[0]["row"], result.last_row) == (501, 501)
