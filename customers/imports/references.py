"""Which rows of a checked chunk refer to what is not there: they would wait. Reads, writes nothing."""

from django.db.models import Q

from customers.ingest.resource import Field
from customers.ingest.validation import Checked, Problem


def unknown_references(checked: Checked, problems: list[Problem]) -> dict[int, str]:
    """{position: field} of rows that are in order but refer to something that is not there: they would wait."""
    wrong = {problem.position for problem in problems}
    undeclared = {p.position for p in checked.problems} - wrong
    positions = sorted({int(p) for p in checked.positions()} | undeclared)
    found = dict(checked.waiting)
    for one in checked.resource.references:
        if one.reference.resource == "custom-fields":
            continue
        values = checked.values[one.name].to_pylist()
        known = _known(one, {values[position] for position in positions} - {None})
        if one.reference.resource == checked.resource.name:
            known |= set(checked.values[checked.resource.key[0]].to_pylist())
        for position in positions:
            if values[position] is not None and values[position] not in known:
                found.setdefault(position, one.name)
    return found


def _known(one: Field, wanted: set[str]) -> set[str]:
    key = one.reference.key
    rows = one.reference.model._base_manager.filter(Q(**{f"{key}__in": wanted}))
    return set(rows.values_list(key, flat=True))
