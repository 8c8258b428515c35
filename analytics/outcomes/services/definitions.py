"""The definitions of churn: default rows, changes with permission, each in the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from analytics.churn.models import Meaning, OutcomeDefinition
from analytics.churn.queries.definitions import DEFAULT_DEFINITIONS
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, Refused

PERMISSION = "churn.define"
# The fields of a definition, by meaning.
FIELDS: dict[str, tuple[str, ...]] = {
    Meaning.LEAVES: ("observation_months", "gap_days", "horizon_days"),
    Meaning.FALLS: ("observation_months", "gap_days", "horizon_days", "brands"),
    Meaning.SPENDS_LESS: ("observation_months", "gap_days", "outcome_months", "fall_share", "edges"),
}


@transaction.atomic
def install_definitions() -> int:
    """Write missing default definitions; existing ones stay. Returns how many are new."""
    new = 0
    for meaning, values in DEFAULT_DEFINITIONS.items():
        _row, is_new = OutcomeDefinition.objects.get_or_create(meaning=meaning, line_type="", defaults=values)
        new += is_new
    return new


@transaction.atomic
def save_definition(
    *, actor: User, meaning: str, line_type: str, values: Mapping[str, Any], now: datetime
) -> OutcomeDefinition:
    """Set the definition of a meaning for a line type ("": all that have none of their own).

    values: of FIELDS[meaning]. Existing counts stay, with the definition they were made by. Refused without the
    permission, Invalid for tiers that do not rise.
    """
    _require(actor)
    rising = list(values.get("edges", []))
    if meaning == Meaning.SPENDS_LESS and (not rising or rising != sorted(set(rising)) or rising[0] <= 0):
        raise Invalid(
            _("The tiers of spend are amounts above zero, each higher than the one before."),
            code="edges",
            details=[{"field": "edges"}],
        )
    row = OutcomeDefinition.objects.select_for_update().filter(meaning=meaning, line_type=line_type).first()
    before = _plain(row) if row else None
    row = row or OutcomeDefinition(meaning=meaning, line_type=line_type)
    for name in FIELDS[meaning]:
        setattr(row, name, values[name])
    row.changed_at, row.changed_by = now, actor
    row.save()
    if before != _plain(row):
        audit.record(actor=actor, action="outcome.define", target=str(row), before=before, after=_plain(row))
    return row


@transaction.atomic
def remove_definition(*, actor: User, definition: OutcomeDefinition) -> None:
    """Delete the definition of a line type, which then follows the general one. Invalid for the general one."""
    _require(actor)
    if not definition.line_type:
        raise Invalid(_("The definition for all line types is always there."), code="needed")
    audit.record(actor=actor, action="outcome.define", target=str(definition), before=_plain(definition), after=None)
    definition.delete()


def _require(actor: User) -> None:
    if not actor.may(PERMISSION):
        raise Refused(_("Your role may not change what churn means."), code="not_yours")


def _plain(row: OutcomeDefinition) -> dict[str, Any]:
    return model_to_dict(row, fields=FIELDS[row.meaning])
