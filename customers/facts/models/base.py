from typing import Any, ClassVar, TypedDict

from django.db import models


class Digits(TypedDict):
    """The size of a decimal column."""

    max_digits: int
    decimal_places: int


MONEY: Digits = {"max_digits": 12, "decimal_places": 2}


class Fact(models.Model):
    """A fact as the billing system stated it. An older `source_version` than the stored one changes nothing.

    dated_by: the column with the date the fact refers to, such as the month of a bill. A fact without one may be
    changed by a later feed: the ingest then keeps the replaced values (`customers.fields.history`).
    Tables computed from facts say so (`computed_from_facts: ClassVar[Q]`): such rows go when the fact is taken back.
    partitioned: the table is partitioned by month on that column (`PartitionedModel` in the migration).
    """

    dated_by: ClassVar[str] = ""
    partitioned: ClassVar[bool] = False

    source_version = models.BigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def unchecked_foreign_key(model: str, **options: Any) -> models.ForeignKey:
    """A reference on the big tables: resolved once at ingest, so the database does not check it again for every row."""
    return models.ForeignKey(model, models.DO_NOTHING, db_constraint=False, **options)
