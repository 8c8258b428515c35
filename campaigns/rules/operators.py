"""What a rule may do with a field: a table by type of field. Labels stand in lists, phrases in sentences."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from campaigns.rules.fields import NUMBERS, RuleField, Type

ORDERED = NUMBERS | {Type.DATE}
LISTED = frozenset({Type.CHOICE, Type.TEXT, Type.WHOLE})
WRITTEN = frozenset({Type.CHOICE, Type.TEXT})
ANY = frozenset(Type)


class Takes(StrEnum):
    """What stands on the right of the operator."""

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
    Operator("=", _("is"), _("%(field)s is %(value)s"), ANY),
    Operator("!=", _("is not"), _("%(field)s is not %(value)s"), ANY),
    Operator("<", _("is below"), _("%(field)s is below %(value)s"), ORDERED,
             date_label=_("is before"), date_phrase=_("%(field)s is before %(value)s")),
    Operator("<=", _("is at most"), _("%(field)s is at most %(value)s"), ORDERED,
             date_label=_("is on or before"), date_phrase=_("%(field)s is on or before %(value)s")),
    Operator(">", _("is above"), _("%(field)s is above %(value)s"), ORDERED,
             date_label=_("is after"), date_phrase=_("%(field)s is after %(value)s")),
    Operator(">=", _("is at least"), _("%(field)s is at least %(value)s"), ORDERED,
             date_label=_("is on or after"), date_phrase=_("%(field)s is on or after %(value)s")),
    Operator("between", _("is between"), _("%(field)s is between %(low)s and %(high)s"), ORDERED, Takes.TWO),
    Operator("in", _("is one of"), _("%(field)s is one of %(value)s"), LISTED, Takes.MANY),
    Operator("notIn", _("is none of"), _("%(field)s is none of %(value)s"), LISTED, Takes.MANY),
    Operator("contains", _("contains"), _("%(field)s contains %(value)s"), WRITTEN),
    Operator("beginsWith", _("begins with"), _("%(field)s begins with %(value)s"), WRITTEN),
    Operator("null", _("is not known"), _("%(field)s is not known"), ANY, Takes.NOTHING),
    Operator("notNull", _("is known"), _("%(field)s is known"), ANY, Takes.NOTHING),
)  # fmt: skip
OPERATORS: dict[str, Operator] = {operator.sign: operator for operator in _ALL}
# With a field on the right only plain comparisons have a meaning.
BETWEEN_FIELDS = frozenset({"=", "!=", "<", "<=", ">", ">="})


def operators_for(field: RuleField) -> list[Operator]:
    """The operators that fit a field, in the order people see them."""
    fitting = [operator for operator in _ALL if field.type in operator.types]
    if field.choices:
        return [operator for operator in fitting if operator.sign not in {"contains", "beginsWith"}]
    return fitting
