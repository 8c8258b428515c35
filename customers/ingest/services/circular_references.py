"""Rows that wait for each other: none of them can land before a corrected one comes, so their reason says it."""

from collections.abc import Mapping

from customers.ingest import text
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from customers.ingest.resources.base import Resource

WAITS = "unknown_reference"
ARROW = " → "


def mark_circular_references() -> int:
    """State of the waiting rows which of them wait for each other. Returns how many rows changed."""
    changed = []
    for resource in RESOURCES.values():
        if any(one.reference.resource == resource.name for one in resource.references):
            changed += _changed_rows(resource)
    QuarantinedRow.objects.bulk_update(changed, ["code", "message"])
    return len(changed)


def _changed_rows(resource: Resource) -> list[QuarantinedRow]:
    rows = list(QuarantinedRow.objects.waiting().filter(resource=resource.name, waits_for=resource.name))
    waits_for = {row.key: row.waits_key for row in rows}
    changed = []
    for row in rows:
        circle = circle_of(row.key, waits_for)
        code = QuarantinedRow.CIRCULAR if circle else WAITS
        message = _message(row, code, circle)
        if (row.code, row.message) != (code, message):
            row.code, row.message = code, message
            changed.append(row)
    return changed


def circle_of(key: str, waits_for: Mapping[str, str]) -> list[str]:
    """The keys from `key` to what waits for it, in the order of waiting; none when it waits for something else."""
    chain = [key]
    while (found := waits_for.get(chain[-1])) is not None and found not in chain:
        chain.append(found)
    return chain if found == key else []


def _message(row: QuarantinedRow, code: str, circle: list[str]) -> str:
    with text.in_english():
        words = {"field": row.field, "value": row.waits_key, "circle": ARROW.join([*circle, row.key])}
        return text.format_problem(code, row.row_no, **words)
