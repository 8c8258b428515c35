"""Taking stored rows out: never while anything else refers to them, so that no fact is left without what it is about.

Rows that a night computes from facts go with them (those that the Q `computed_from_facts` of their model finds);
everything else that refers to a row, be it another fact or the work of people, protects it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from django.db import IntegrityError, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.declarations import LANDING_LOCK
from customers.facts.name_index import drop_unborne_names
from customers.ingest.resources import RESOURCES
from customers.ingest.resources.base import Resource
from customers.ingest.services.landing import parameters
from customers.ingest.services.upsert import located, stage_table
from customers.ingest.validators.rows import Checked
from retention.core.db import transaction_locks
from retention.core.db.copy import copy_in
from retention.core.errors import Conflict

MAX_NAMED = 5


def lock_for_removal(resource: Resource) -> None:
    """Let no row land in the resource, nor in one that refers to it, until the transaction ends."""
    for one in RESOURCES.values():
        if one is resource or any(field.reference.resource == resource.name for field in one.references):
            transaction_locks.lock(LANDING_LOCK, one.name)


@transaction.atomic
def forget_names() -> int:
    """Drop the names that no customer bears any more from the search; returns how many. No customers land meanwhile:
    one of them might bear such a name again."""
    transaction_locks.lock(LANDING_LOCK, "customers")
    return drop_unborne_names()


def stage_keys(cursor: CursorWrapper, checked: Checked, positions: np.ndarray) -> None:
    """The keys of these rows to the staging table, `_pos` their place in the chunk."""
    resource = checked.resource
    stage_table(resource).create(cursor)
    keys = pa.table([checked.values[name] for name in resource.key], names=list(resource.key))
    keys = keys.add_column(0, "_pos", pa.array(np.arange(keys.num_rows, dtype=np.int32))).take(pa.array(positions))
    copy_in(cursor, resource.stage, keys)


def remove_staged(cursor: CursorWrapper, checked: Checked) -> int:
    """Delete the stored rows whose keys are staged. Returns how many.

    Conflict `facts_attached`, with how many rows of which kind, when others refer to them: nothing is deleted then.
    """
    resource, params = checked.resource, parameters(checked)
    try:
        with transaction.atomic():
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            if resource.model._meta.pk.column == "id":
                cursor.execute(f"SELECT t.id FROM {located(resource)} ORDER BY t.id FOR UPDATE OF t", params)
                ids = [found for (found,) in cursor.fetchall()]
                _detach(resource.model, ids)
                cursor.execute(f'DELETE FROM "{resource.table}" WHERE id = ANY(%s)', [ids])
            else:
                key = " AND ".join(f't."{c}" = d."{c}"' for c in key_columns(resource))
                columns = ", ".join(f't."{c}"' for c in key_columns(resource))
                cursor.execute(
                    f'DELETE FROM "{resource.table}" d USING (SELECT {columns} FROM {located(resource)}) t WHERE {key}',
                    params,
                )
            removed = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return removed
    except IntegrityError as error:  # it came between our look and the deletion
        raise Conflict(_("Other rows refer to it. Take those back first."), code="facts_attached") from error


def key_columns(resource: Resource) -> list[str]:
    return [resource.by_name[name].column for name in resource.key]


def _detach(model: type[models.Model], ids: Sequence[int]) -> None:
    """Delete what was computed from the rows; Conflict when anything else refers to them."""
    attached: Counter[str] = Counter()
    computed, nulled = [], []
    for other, field in _referring_to(model):
        rows = other._base_manager.filter(**{f"{field.name}__in": ids})
        if field.remote_field.on_delete is models.SET_NULL:
            nulled.append((rows, field.name))
        elif (which := getattr(other, "computed_from_facts", None)) is None:
            attached[_name_of(other)] += (rows.exclude(pk__in=ids) if other is model else rows).count()
        else:
            attached[_name_of(other)] += (rows.exclude(which) if which else rows.none()).count()
            computed.append(rows)
    if attached.total():
        raise _attached(+attached)
    for rows, name in nulled:
        rows.update(**{name: None})
    for rows in computed:
        rows.delete()


def _referring_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and isinstance(relation.field, models.ForeignKey):
            yield relation.related_model, relation.field


def _name_of(model: type[models.Model]) -> str:
    labels = {resource.model: resource.label for resource in RESOURCES.values()}
    return str(labels.get(model, model._meta.verbose_name_plural))


def _attached(found: Counter[str]) -> Conflict:
    total = found.total()
    parts = [f"{name}: {count}" for name, count in found.most_common()]
    message = ngettext(
        "%(count)d other row refers to it (%(named)s). Take that back first.",
        "%(count)d other rows refer to it (%(named)s). Take those back first.",
        total,
    ) % {"count": total, "named": ", ".join(parts[:MAX_NAMED])}
    details = [
        {"code": "facts_attached", "message": part, "count": count}
        for part, (_kind, count) in zip(parts, found.most_common(), strict=True)
    ]
    return Conflict(message, code="facts_attached", details=details)
