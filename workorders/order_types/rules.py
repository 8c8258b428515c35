"""Reads and checks the two JSON parts of an order type: its flow and its form fields. Pure.

flow:   {"dispositions": ["no_answer", ...], "max_attempts": 4, "appointment_days": 14, "after_leaving": false}
fields: [{"key": "main_reason", "label": "...", "label_zh": "...", "kind": "choice", "required": true,
          "choices": [{"value": "price", "label": "...", "label_zh": "..."}]}, ...]

Dispositions: those the agent may choose; an empty list means every active one. A required field is asked for only when
the customer was reached and the order closes. after_leaving: its orders are for customers whose line has ended, which
closes the orders of every other type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.ui import formats

MAX_ANSWER_CHARACTERS = 2000


class Kind(StrEnum):
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    label_zh: str = ""

    @property
    def title(self) -> str:
        return pick(self.label, self.label_zh)


@dataclass(frozen=True)
class FormField:
    key: str
    label: str
    label_zh: str = ""
    kind: Kind = Kind.CHOICE
    required: bool = False
    choices: tuple[Choice, ...] = ()

    @property
    def title(self) -> str:
        return pick(self.label, self.label_zh)

    @property
    def input_name(self) -> str:
        return f"answer_{self.key}"

    def format_answer(self, value: str) -> str:
        """`Main reason to leave: Price or plan`; of a flag only its title."""
        if self.kind == Kind.FLAG:
            return self.title
        titles = {choice.value: choice.title for choice in self.choices}
        return formats.labelled(self.title, titles.get(value, value))


@dataclass(frozen=True)
class Flow:
    dispositions: tuple[str, ...] = ()
    max_attempts: int = 4
    appointment_days: int = 14
    after_leaving: bool = False
    fields: tuple[FormField, ...] = field(default=())

    def offers(self, disposition: str) -> bool:
        return not self.dispositions or disposition in self.dispositions

    def check_answers(self, given: Mapping[str, object], *, complete: bool) -> dict[str, object]:
        """The answers worth keeping. Invalid for a value that is no choice or is too long.

        With `complete` a required field without an answer is Invalid too.
        """
        kept: dict[str, object] = {}
        problems = []
        for one in self.fields:
            value = given.get(one.key)
            if one.kind == Kind.FLAG:
                kept[one.key] = value in {True, "1", "true", "on", "yes"}
                continue
            text = str(value).strip() if value is not None else ""
            if not text:
                if one.required and complete:
                    problems.append(_problem(one, "required", _("%(field)s: please answer.")))
            elif len(text) > MAX_ANSWER_CHARACTERS:
                problems.append(_problem(one, "too_long", _("%(field)s: the answer is too long.")))
            elif one.kind == Kind.CHOICE and text not in {choice.value for choice in one.choices}:
                problems.append(_problem(one, "not_a_choice", _("%(field)s: not one of the answers.")))
            else:
                kept[one.key] = text
        if problems:
            raise Invalid(problems[0]["message"], code="answers", details=problems)
        return kept


FLOW_KEYS = {"dispositions", "max_attempts", "appointment_days", "after_leaving"}


def read(flow: Mapping, fields: Sequence[Mapping]) -> Flow:
    """The typed form of an order type's `flow` and `fields`. Invalid names the first thing that is wrong."""
    unknown = set(flow) - FLOW_KEYS
    if unknown:
        raise Invalid(_("The flow has unknown keys: %(keys)s") % {"keys": ", ".join(sorted(unknown))}, code="bad_flow")
    for key in ("max_attempts", "appointment_days"):
        if not isinstance(flow.get(key, 1), int) or flow.get(key, 1) < 1:
            raise Invalid(_("%(key)s must be a number of 1 or more.") % {"key": key}, code="bad_flow")
    if not isinstance(flow.get("after_leaving", False), bool):
        raise Invalid(_("%(key)s must be true or false.") % {"key": "after_leaving"}, code="bad_flow")
    asked = tuple(_field(one) for one in fields)
    if len({one.key for one in asked}) < len(asked):
        raise Invalid(_("Two form fields have the same key."), code="bad_fields")
    return Flow(
        dispositions=tuple(flow.get("dispositions", ())),
        max_attempts=flow.get("max_attempts", 4),
        appointment_days=flow.get("appointment_days", 14),
        after_leaving=flow.get("after_leaving", False),
        fields=asked,
    )


def _field(one: Mapping) -> FormField:
    try:
        kind = Kind(one.get("kind", Kind.CHOICE))
        choices = tuple(Choice(**choice) for choice in one.get("choices", ()))
        made = FormField(
            one["key"], one["label"], one.get("label_zh", ""), kind, bool(one.get("required", False)), choices
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(_("A form field cannot be read: %(error)s") % {"error": error}, code="bad_fields") from error
    if kind == Kind.CHOICE and not choices:
        raise Invalid(_("The form field %(key)s has no choices.") % {"key": made.key}, code="bad_fields")
    return made


def _problem(one: FormField, code: str, message: str) -> dict[str, str]:
    return {"field": one.input_name, "code": code, "message": message % {"field": one.title}}
