"""Monthly spend of a line, and its value band."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import DecimalField, Value
from django.db.models.functions import Coalesce

from customers.fields.choices import ValueBand

# The first of these profile fields that is known.
SPEND_FIELDS = ("arpu", "plan_fee")
# As a column of a profile queryset; 0 where nothing is known.
MONTHLY_SPEND = Coalesce(*SPEND_FIELDS, Value(0, DecimalField()))
BANDS: tuple[str, ...] = tuple(ValueBand.values)


def monthly_spend_sql(alias: str) -> str:
    """SQL of the spend a month of a profile or snapshot row under `alias`; NULL where nothing is known."""
    return f"coalesce({', '.join(f'{alias}.{name}' for name in SPEND_FIELDS)})"


def band_limits(band: str, edges: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """[from, to) of a band in yuan a month, None where it is open. edges: where each band but the lowest begins."""
    place = BANDS.index(band)
    return (None, *edges)[place], (*edges, None)[place]
