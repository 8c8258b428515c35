"""Reads and checks the two JSON parts of an order type: its flow and its form fields. Pure.

flow:   {"dispositions": ["no_answer", ...], "max_attempts": 4, "appointment_days": 14, "after_leaving": false,
         "keys": {"1": "no_answer"}}
fields: [{"key": "main_reason", "label": "...", "label_zh": "...", "kind": "choice", "required": true,
          "choices": [{"value": "price", "label": "...", "label_zh": "..."}]}, ...]

kind: choice, flag, text, number (with "least" and "most") or date. A field with "shown_when" is asked for only while
an earlier field has one of the answers, one with "required_when" must be answered then; both are
{"field": key, "is": [answers]}, where field may be "disposition" and a flag answers "yes" or "no".

Dispositions: those the agent may choose; an empty list means every active one. A required field is asked for only when
the customer was reached and the order closes. after_leaving: its orders are for customers whose line has ended, which
closes the orders of every other type. keys: see keys.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import isfinite

from django.utils.translation import gettext as _

from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.ui import formats
from workorders.order_types.keys import read_keys

MAX_ANSWER_CHARACTERS = 2000


class Kind(StrEnum):
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


# The end of the contact, as a condition names it.
DISPOSITION = "disposition"


@dataclass(frozen=True)
class Condition:
    """Holds while the field has one of the answers."""

    field: str
    values: tuple[str, ...]

    @property
    def input_name(self) -> str:
        return self.field if self.field == DISPOSITION else f"answer_{self.field}"

    def holds(self, answers: Mapping[str, object]) -> bool:
        value = answers.get(self.field)
        said = ("yes" if value else "no") if isinstance(value, bool) else value
        return said in self.values


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
    shown_when: Condition | None = None
    required_when: Condition | None = None
    least: float | None = None
    most: float | None = None

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
    keys: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[FormField, ...] = field(default=())

    def offers(self, disposition: str) -> bool:
        return not self.dispositions or disposition in self.dispositions

    def asked_at(self, form: Collection[str]) -> tuple[FormField, ...]:
        """The fields of a stage whose form has these keys; without any, all."""
        return tuple(one for one in self.fields if not form or one.key in form)

    def check_answers(
        self, given: Mapping[str, object], *, complete: bool, asked: Collection[str] = (), disposition: str = ""
    ) -> dict[str, object]:
        """The answers worth keeping. Invalid for a value that is no choice, no number or day, or is too long.

        With `complete` a required field without an answer is Invalid too. asked: the keys of the stage's form. A field
        that is not shown is not kept.
        """
        kept: dict[str, object] = {}
        problems = []
        for one in self.asked_at(asked):
            known = kept | {DISPOSITION: disposition}
            if one.shown_when is not None and not one.shown_when.holds(known):
                continue
            value = given.get(one.key)
            if one.kind == Kind.FLAG:
                kept[one.key] = value in {True, "1", "true", "on", "yes"}
                continue
            text = str(value).strip() if value is not None else ""
            if text and (problem := _wrong(one, text)):
                problems.append(problem)
            elif text:
                kept[one.key] = text
            elif complete and (one.required or one.required_when is not None and one.required_when.holds(known)):
                problems.append(_problem(one, "required", _("%(field)s: please answer.")))
        if problems:
            raise Invalid(problems[0]["message"], code="answers", details=problems)
        return kept


def _wrong(one: FormField, text: str) -> dict[str, str] | None:
    """What is wrong with an answer of the field's kind."""
    if len(text) > MAX_ANSWER_CHARACTERS:
        return _problem(one, "too_long", _("%(field)s: the answer is too long."))
    if one.kind == Kind.CHOICE and text not in {choice.value for choice in one.choices}:
        return _problem(one, "not_a_choice", _("%(field)s: not one of the answers."))
    if one.kind == Kind.NUMBER and not _is_number(text, one.least, one.most):
        return _problem(one, "not_a_number", _("%(field)s: not a number within the limits."))
    if one.kind == Kind.DATE and parse_day(text) is None:
        return _problem(one, "not_a_day", _("%(field)s: not a day."))
    return None


def _is_number(text: str, least: float | None, most: float | None) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return isfinite(value) and (least is None or value >= least) and (most is None or value <= most)


def parse_day(text: str) -> date | None:
    """A day as `date` fields write it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


FLOW_KEYS = {"dispositions", "max_attempts", "appointment_days", "after_leaving", "keys"}


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
        keys=read_keys(flow.get("keys", {}), flow.get("dispositions", ())),
        fields=asked,
    )


def _field(one: Mapping) -> FormField:
    try:
        kind = Kind(one.get("kind", Kind.CHOICE))
        choices = tuple(Choice(**choice) for choice in one.get("choices", ()))
        made = FormField(
            one["key"], one["label"], one.get("label_zh", ""), kind, bool(one.get("required", False)), choices,
            _condition(one.get("shown_when")), _condition(one.get("required_when")),
            least=one.get("least"), most=one.get("most"),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(_("A form field cannot be read: %(error)s") % {"error": error}, code="bad_fields") from error
    if kind == Kind.CHOICE and not choices:
        raise Invalid(_("The form field %(key)s has no choices.") % {"key": made.key}, code="bad_fields")
    return made


def _condition(given: Mapping | None) -> Condition | None:
    return Condition(str(given["field"]), tuple(str(one) for one in given["is"])) if given else None


def _problem(one: FormField, code: str, message: str) -> dict[str, str]:
    return {"field": one.input_name, "code": code, "message": message % {"field": one.title}}
