"""Reads of the import pages: uploads a user may see, and unknown references."""

from django.db.models import Q
from django.shortcuts import get_object_or_404

from customers.imports.models import Upload
from customers.ingest.resources.base import ReferenceField
from customers.ingest.validators.rows import Checked, Problem
from retention.core.accounts.models import User


def unknown_references(checked: Checked, problems: list[Problem]) -> dict[int, str]:
    """{position: field} of valid rows whose reference does not exist yet: they would wait."""
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


def _known(one: ReferenceField, wanted: set[str]) -> set[str]:
    key = one.reference.key
    rows = one.reference.model._base_manager.filter(Q(**{f"{key}__in": wanted}))
    return set(rows.values_list(key, flat=True))


def get_visible_upload(user: User, pk: int) -> Upload:
    return get_object_or_404(Upload.objects.visible_to(user).select_related("job", "owner", "corrects"), pk=pk)
