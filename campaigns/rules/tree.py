"""A rule that has been checked: groups of conditions whose values have their types."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaigns.rules.fields import RuleField
from campaigns.rules.operators import Operator


@dataclass(frozen=True)
class DaysAgo:
    """A day counted back from the day the profile stands for; negative: ahead of it."""

    days: int


Single = int | float | Decimal | bool | str | date | DaysAgo


@dataclass(frozen=True)
class Condition:
    """value: one value, a tuple for `between`, `in` and `notIn`, None for `null` and `notNull`, and None when the right
    side is a field: `other` times `factor`. name: of the number, for those who tune it."""

    path: str
    field: RuleField
    operator: Operator
    value: Single | tuple[Single, ...] | None = None
    other: RuleField | None = None
    factor: Decimal = Decimal(1)
    name: str = ""


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
