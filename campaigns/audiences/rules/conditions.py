"""Operators by field type, and the checked tree of a rule: groups of conditions whose values have their types."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules.fields import NUMBERS, RuleField, Type

ORDERED_TYPES = NUMBERS | {Type.DATE}
LISTABLE_TYPES = frozenset({Type.CHOICE, Type.TEXT, Type.WHOLE})
TEXT_TYPES = frozenset({Type.CHOICE, Type.TEXT})
ALL_TYPES = frozenset(Type)


class Takes(StrEnum):
    """The right-hand side of an operator."""

    NOTHING = "nothing"
    ONE = "one"
    TWO = "two"
    MANY = "many"


@dataclass(frozen=True)
class Operator:
    sign: str
    label: object
    phrase: object
    types: frozenset[Type]
    takes: Takes = Takes.ONE
    date_label: object = ""
    date_phrase: object = ""

    def label_for(self, type: Type) -> object:
        return self.date_label if type == Type.DATE and self.date_label else self.label

    def phrase_for(self, type: Type) -> object:
        return self.date_phrase if type == Type.DATE and self.date_phrase else self.phrase


_ALL = (
    Operator("=", _("is"), _("%(field)s is %(value)s"), ALL_TYPES),
    # A comparison with a missing value is false, also these two: their words say so.
    Operator("!=", _("is known and is not"), _("%(field)s is known and is not %(value)s"), ALL_TYPES),
    Operator("<", _("is below"), _("%(field)s is below %(value)s"), ORDERED_TYPES,
             date_label=_("is before"), date_phrase=_("%(field)s is before %(value)s")),
    Operator("<=", _("is at most"), _("%(field)s is at most %(value)s"), ORDERED_TYPES,
             date_label=_("is on or before"), date_phrase=_("%(field)s is on or before %(value)s")),
    Operator(">", _("is above"), _("%(field)s is above %(value)s"), ORDERED_TYPES,
             date_label=_("is after"), date_phrase=_("%(field)s is after %(value)s")),
    Operator(">=", _("is at least"), _("%(field)s is at least %(value)s"), ORDERED_TYPES,
             date_label=_("is on or after"), date_phrase=_("%(field)s is on or after %(value)s")),
    Operator("between", _("is between"), _("%(field)s is between %(low)s and %(high)s"), ORDERED_TYPES, Takes.TWO),
    Operator("in", _("is one of"), _("%(field)s is one of %(value)s"), LISTABLE_TYPES, Takes.MANY),
    Operator("notIn", _("is known and is none of"), _("%(field)s is known and is none of %(value)s"), LISTABLE_TYPES,
             Takes.MANY),
    Operator("contains", _("contains"), _("%(field)s contains %(value)s"), TEXT_TYPES),
    Operator("beginsWith", _("begins with"), _("%(field)s begins with %(value)s"), TEXT_TYPES),
    Operator("null", _("is not known"), _("%(field)s is not known"), ALL_TYPES, Takes.NOTHING),
    Operator("notNull", _("is known"), _("%(field)s is known"), ALL_TYPES, Takes.NOTHING),
)  # fmt: skip
OPERATORS: dict[str, Operator] = {operator.sign: operator for operator in _ALL}
# With a field on the right only plain comparisons are allowed.
BETWEEN_FIELDS = frozenset({"=", "!=", "<", "<=", ">", ">="})


def operators_for(field: RuleField) -> list[Operator]:
    """The operators of a field, in display order."""
    fitting = [operator for operator in _ALL if field.type in operator.types]
    if field.choices:
        return [operator for operator in fitting if operator.sign not in {"contains", "beginsWith"}]
    return fitting


@dataclass(frozen=True)
class DaysAgo:
    """A day counted back from the profile's `as_of`; negative: after it."""

    days: int


Single = int | float | Decimal | bool | str | date | DaysAgo


@dataclass(frozen=True)
class Condition:
    """value: one value (`single`), a tuple (`many`) for `between`, `in` and `notIn`, None for `null` and `notNull`, and
    None when the right side is a field: `other` times `factor`. name: of the tunable number."""

    path: str
    field: RuleField
    operator: Operator
    value: Single | tuple[Single, ...] | None = None
    other: RuleField | None = None
    factor: Decimal = Decimal(1)
    name: str = ""

    @property
    def single(self) -> Single:
        """The value of an operator that takes one."""
        assert self.value is not None and not isinstance(self.value, tuple), self.operator.sign
        return self.value

    @property
    def many(self) -> tuple[Single, ...]:
        """The values of `between`, `in` and `notIn`."""
        assert isinstance(self.value, tuple), self.operator.sign
        return self.value


@dataclass(frozen=True)
class Group:
    combinator: str
    negated: bool
    rules: tuple["Condition | Group", ...]

    def conditions(self) -> Iterator[Condition]:
        """Every condition in the tree, in reading order."""
        for rule in self.rules:
            if isinstance(rule, Group):
                yield from rule.conditions()
            else:
                yield rule
