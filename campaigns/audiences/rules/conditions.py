"""Operators by field type, and the checked tree of a rule: groups of conditions whose values have their types."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules.fields import NUMBERS, RuleField, Type

ORDERED_TYPES = NUMBERS | {Type.DATE}
LISTABLE_TYPES = frozenset({Type.CHOICE, Type.TEXT, Type.WHOLE, Type.MEMBER})
TEXT_TYPES = frozenset({Type.CHOICE, Type.TEXT})
DATES = frozenset({Type.DATE})
ALL_TYPES = frozenset(Type) - {Type.MEMBER}


class Takes(StrEnum):
    """The right-hand side of an operator."""

    NOTHING = "nothing"
    ONE = "one"
    TWO = "two"
    MANY = "many"
    DAYS = "days"


@dataclass(frozen=True)
class Operator:
    """other_label: how it is called for dates and memberships, where that differs."""

    sign: str
    label: object
    types: frozenset[Type]
    takes: Takes = Takes.ONE
    other_label: object = ""

    def label_for(self, type: Type) -> object:
        return self.other_label if type in {Type.DATE, Type.MEMBER} and self.other_label else self.label


_ALL = (
    Operator("=", _("is"), ALL_TYPES),
    # A comparison with a missing value is false, also these two: their words say so.
    Operator("!=", _("is known and is not"), ALL_TYPES),
    Operator("<", _("is below"), ORDERED_TYPES, other_label=_("is before")),
    Operator("<=", _("is at most"), ORDERED_TYPES, other_label=_("is on or before")),
    Operator(">", _("is above"), ORDERED_TYPES, other_label=_("is after")),
    Operator(">=", _("is at least"), ORDERED_TYPES, other_label=_("is on or after")),
    Operator("between", _("is between"), ORDERED_TYPES, Takes.TWO),
    Operator("lastDays", _("within the last"), DATES, Takes.DAYS),
    Operator("nextDays", _("within the next"), DATES, Takes.DAYS),
    Operator("in", _("is one of"), LISTABLE_TYPES, Takes.MANY),
    Operator("notIn", _("is known and is none of"), LISTABLE_TYPES, Takes.MANY, other_label=_("is none of")),
    Operator("contains", _("contains"), TEXT_TYPES),
    Operator("beginsWith", _("begins with"), TEXT_TYPES),
    Operator("null", _("is not known"), ALL_TYPES, Takes.NOTHING),
    Operator("notNull", _("is known"), ALL_TYPES, Takes.NOTHING),
)
OPERATORS: dict[str, Operator] = {operator.sign: operator for operator in _ALL}
# With a field on the right only plain comparisons are allowed.
BETWEEN_FIELDS = frozenset({"=", "!=", "<", "<=", ">", ">="})
# A change that is exactly so large is no question.
BASELINE_SIGNS = frozenset({"<", "<=", ">", ">="})


def operators_for(field: RuleField) -> list[Operator]:
    """The operators of a field, in display order."""
    fitting = [operator for operator in _ALL if field.type in operator.types]
    if field.membership:  # other tables always have an answer
        return [operator for operator in fitting if operator.sign in {"=", "in", "notIn"}]
    if field.choices:
        return [operator for operator in fitting if operator.sign not in {"contains", "beginsWith"}]
    return fitting


@dataclass(frozen=True)
class DaysAgo:
    """A day counted back from the profile's `as_of`; negative: after it."""

    days: int


Single = int | float | Decimal | bool | str | date | DaysAgo


@dataclass(frozen=True)
class Floor:
    """Under a percentage of the baseline: the baseline is at least `base`, the difference to it at least `change`."""

    base: Single | None = None
    change: Single | None = None


@dataclass(frozen=True)
class Condition:
    """value: one value (`single`), a tuple (`many`) for `between`, `in` and `notIn`, None for `null` and `notNull`, and
    None when the right side is a field: `other` times `factor`. name: of the tunable number.

    floor: set when `other` is the field's own baseline. days: a membership of so many days.
    """

    path: str
    field: RuleField
    operator: Operator
    value: Single | tuple[Single, ...] | None = None
    other: RuleField | None = None
    factor: Decimal = Decimal(1)
    name: str = ""
    floor: Floor | None = None
    days: int | None = None

    @property
    def single(self) -> Single:
        """The value of an operator that takes one."""
        assert self.value is not None and not isinstance(self.value, tuple), self.operator.sign
        return self.value

    @property
    def within_days(self) -> int:
        """The number of an operator that takes days."""
        assert isinstance(self.value, int), self.operator.sign
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
