"""Stored rules and the evidence of a hit in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.audiences.occasions import OCCASION, format_occasion, occasion_values
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


TEXT_VARIABLE = re.compile(r"\{(\w+)\}")
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
    """The values of the rule's fields, without the event and the occasion."""
    return {key: value for key, value in evidence.items() if key not in {EVENT, EVENT_AT, OCCASION}}


def format_event(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """[(event, time)] or [(occasion, its day)], empty for other hits of the night."""
    if EVENT not in evidence:
        return format_occasion(evidence)
    kind = str(evidence[EVENT])
    what = dict(StatusEvent.Kind.choices).get(kind, kind.replace("_", " "))
    at = timezone.localtime(datetime.fromisoformat(evidence[EVENT_AT]))
    return [(str(what), date_format(at, "SHORT_DATETIME_FORMAT"))]


def fill_text(text: str, evidence: Mapping[str, Any], *, customer: str) -> str:
    """A talk track or message with its variables in words; one of which nothing is known becomes a dash."""
    values = {"customer": customer} | occasion_values(evidence.get(OCCASION, {}))
    if EVENT_AT in evidence:
        values["day"] = format_day(timezone.localtime(datetime.fromisoformat(evidence[EVENT_AT])).date())
    return TEXT_VARIABLE.sub(lambda found: values.get(found[1]) or DASH, text)


def format_field_value(field: RuleField | None, value: Any) -> str:
    """A value as JSON or a profile holds it, a dash for a missing one."""
    if value is None or value == []:
        return DASH
    if isinstance(value, list):  # a membership: the codes that the line has
        return format_list(format_value(field, str(one)) if field else str(one) for one in value)
    if field is None:
        return str(value)
    return format_day(value) if field.type == Type.DATE else format_value(field, value)
