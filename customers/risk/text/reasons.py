"""The factors of a score as sentences, from the phrases of the field catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from customers.fields import FIELDS, Kind, ProfileField, text
from customers.fields.attributes import ATTRIBUTE_PREFIX, OwnFields, custom_fields_by_key
from customers.risk.text.themes import theme_of
from retention.core.ui import formats


@dataclass(frozen=True)
class Reason:
    """One factor of a score. `value` is as the model saw it; `sayable`: an agent may mention it to the customer."""

    text: str
    factor: str
    contribution: float
    value: Any
    sayable: bool

    @property
    def theme(self) -> str:
        """Key of the business reason it belongs to (`customers.risk.text.themes.THEMES`)."""
        return theme_of(self.factor)

    def as_dict(self) -> dict[str, Any]:
        """In the form of the API, with its theme."""
        return {
            "factor": self.factor,
            "text": self.text,
            "contribution": self.contribution,
            "value": self.value,
            "theme": self.theme,
        }


def format_reasons(
    reasons: Iterable[Mapping[str, Any]],
    *,
    for_agent: bool = True,
    raising_only: bool = True,
    custom: OwnFields | None = None,
    days_later: int = 0,
) -> list[Reason]:
    """The reasons of a RiskScore in the reader's language, in their order.

    for_agent leaves out what an agent may not mention to the customer; raising_only leaves out what lowers the risk.
    custom: the operator's own fields by key, for callers with many scores (custom_fields_by_key()); else asked for
    when a factor is none of the catalogue.
    days_later: how many days after the score it is read. Days until or since something are said as of then, as the rest
    of a page counts them; `value` stays what the model saw.
    """
    found = []
    for one in reasons:
        if raising_only and one["contribution"] <= 0:
            continue
        field = FIELDS.get(one["factor"])
        if field is None and custom is None:
            custom = custom_fields_by_key()
        reason = _of_field(field, one, days_later) if field else _of_attribute(one, custom or {})
        if reason.sayable or not for_agent:
            found.append(reason)
    return found


def _of_field(field: ProfileField, one: Mapping[str, Any], days_later: int) -> Reason:
    value = one["value"]
    if field.a_day_later and value is not None:
        value = max(value + field.a_day_later * days_later, 0)
    sentence = _phrase(field, value) or formats.labelled(field.label, text.format_value(field, value))
    sayable = field.sayable and one["value"] is not None
    return Reason(sentence, field.key, float(one["contribution"]), one["value"], sayable)


def _of_attribute(one: Mapping[str, Any], custom: OwnFields) -> Reason:
    key = str(one["factor"]).removeprefix(ATTRIBUTE_PREFIX)
    known = custom.get(key)
    label = known.title if known else key.replace("_", " ")
    shown = text.format_own_value(known, one["value"])
    return Reason(
        formats.labelled(label, shown), str(one["factor"]), float(one["contribution"]), one["value"], known is not None
    )


def _phrase(field: ProfileField, value: Any) -> str:
    """The catalogue's phrase with the value in it; nothing where it has none or it would read wrong."""
    if value is None or value == "":
        return ""
    if field.kind == Kind.FLAG:
        return str(field.said if text.is_true(value) else field.said_negative)
    if field.is_number and field.kind != Kind.DAYS and value == 0:
        return ""  # "complained 0 times" is not a useful reason
    negative = field.is_number and value < 0
    phrase = str(field.said_negative if negative and field.said_negative else field.said)
    if not phrase or (negative and not field.said_negative):
        return ""
    if field.said_one and not negative and text.rounded(value) == "1":
        return str(field.said_one)
    return phrase.replace("{value}", _format_phrase_value(field, abs(value) if negative else value))


def _format_phrase_value(field: ProfileField, value: Any) -> str:
    """Phrases bring their own unit: a share is given as percent without the sign, money without the currency."""
    if field.kind == Kind.SHARE:
        return text.rounded(value * 100)
    return text.rounded(value) if field.is_number else text.format_code(field, value)
