"""By what a line was found, in words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from campaigns.rules import RuleField, Type
from campaigns.rules.sentence import say_value
from customers.models import StatusEvent
from retention.core.templatetags.formats import DASH

# Hits of event scenarios say what happened under these keys, beside the fields of the rule.
EVENT, EVENT_AT = "event", "event_at"


def describe(evidence: Mapping[str, Any], fields: Mapping[str, RuleField]) -> list[tuple[str, str]]:
    """(label, value) of each field of a hit's evidence, e.g. ("Spend, change", "−42%"); withdrawn fields by their key.

    `fields` is rules.rule_catalogue(), read once for a page.
    """
    told = facts_of(evidence).items()
    return event_of(evidence) + [
        (str(fields[key].label) if key in fields else key, say(fields.get(key), value)) for key, value in told
    ]


def facts_of(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the rule's fields, without the event."""
    return {key: value for key, value in evidence.items() if key not in {EVENT, EVENT_AT}}


def event_of(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """[(what happened, when)], empty for hits of the night."""
    if EVENT not in evidence:
        return []
    kind = str(evidence[EVENT])
    what = dict(StatusEvent.Kind.choices).get(kind, kind.replace("_", " "))
    at = timezone.localtime(datetime.fromisoformat(evidence[EVENT_AT]))
    return [(str(what), date_format(at, "SHORT_DATETIME_FORMAT"))]


def say(field: RuleField | None, value: Any) -> str:
    """A value as JSON or a profile holds it, a dash for a missing one."""
    if value is None:
        return DASH
    if field is None:
        return str(value)
    if field.type == Type.DATE and isinstance(value, str):
        try:
            return say_value(field, date.fromisoformat(value))
        except ValueError:
            return value
    return say_value(field, value)
