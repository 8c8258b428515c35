"""Stored rules and the evidence of a hit in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.audiences.rules import Group, RuleField, Type, format_rule
from campaigns.audiences.rules.parser import read
from campaigns.audiences.rules.text import format_list, format_value
from customers.facts.models import StatusEvent
from customers.fields.text import format_day
from retention.core.ui.formats import DASH


@dataclass(frozen=True)
class StoredRule:
    """says: the sentence, or the error (e.g. a custom field was withdrawn); then tree is None."""

    says: str
    tree: Group | None

    @property
    def is_broken(self) -> bool:
        return self.tree is None


def format_stored_rule(rule: object, fields: Mapping[str, RuleField]) -> StoredRule:
    tree, problems = read(rule, fields=fields)
    if tree is not None and not problems:
        return StoredRule(format_rule(tree), tree)
    why = "; ".join(dict.fromkeys(one["message"] for one in problems))
    if tree is not None:
        why = _("%(why)s. The rest of the rule: %(rule)s") % {"why": why, "rule": format_rule(tree)}
    return StoredRule(why, None)


# Keys of the event in the evidence of an event scenario, besides the fields of the rule.
EVENT, EVENT_AT = "event", "event_at"


def format_evidence(evidence: Mapping[str, Any], fields: Mapping[str, RuleField]) -> list[tuple[str, str]]:
    """(label, value) of each field of a hit's evidence, e.g. ("Spend, change", "−42%"); withdrawn fields by their key.

    `fields` is rules.rule_catalogue(), read once for a page.
    """
    told = evidence_values(evidence).items()
    return format_event(evidence) + [
        (str(fields[key].label) if key in fields else key, format_field_value(fields.get(key), value))
        for key, value in told
    ]


def evidence_values(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the rule's fields, without the event."""
    return {key: value for key, value in evidence.items() if key not in {EVENT, EVENT_AT}}


def format_event(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """[(event, time)], empty for nightly hits."""
    if EVENT not in evidence:
        return []
    kind = str(evidence[EVENT])
    what = dict(StatusEvent.Kind.choices).get(kind, kind.replace("_", " "))
    at = timezone.localtime(datetime.fromisoformat(evidence[EVENT_AT]))
    return [(str(what), date_format(at, "SHORT_DATETIME_FORMAT"))]


def format_field_value(field: RuleField | None, value: Any) -> str:
    """A value as JSON or a profile holds it, a dash for a missing one."""
    if value is None or value == []:
        return DASH
    if isinstance(value, list):  # a membership: the codes that the line has
        return format_list(format_value(field, str(one)) if field else str(one) for one in value)
    if field is None:
        return str(value)
    return format_day(value) if field.type == Type.DATE else format_value(field, value)
