"""A rule in words, in the reader's language."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaigns.audiences.rules.conditions import Condition, DaysAgo, Group, Single, Takes
from campaigns.audiences.rules.fields import RuleField
from campaigns.audiences.rules.parser import parse
from customers.fields import text
from retention.core.ui import formats


def format_rule(rule: object | Group) -> str:
    """`Spend, change is at most −30% and Spend a month, six-month mean is at least 80 yuan`. Raises Invalid."""
    return _group(rule if isinstance(rule, Group) else parse(rule), outermost=True)


def _group(group: Group, *, outermost: bool = False) -> str:
    phrases = [_group(rule) if isinstance(rule, Group) else format_condition(rule) for rule in group.rules]
    between = _("%(first)s and %(second)s") if group.combinator == "and" else _("%(first)s or %(second)s")
    text = phrases[0]
    for more in phrases[1:]:
        text = between % {"first": text, "second": more}
    if group.negated:
        return _("not (%(what)s)") % {"what": text}
    return text if outermost or len(phrases) == 1 else _("(%(what)s)") % {"what": text}


def format_condition(condition: Condition) -> str:
    """One condition in words."""
    field, operator = condition.field, condition.operator
    phrase = str(operator.phrase_for(field.type))
    names = {"field": str(field.label)}
    if condition.other:
        return phrase % (names | {"value": _format_factor(condition.other, condition.factor)})
    if operator.takes == Takes.TWO:
        low, high = condition.many
        return phrase % (names | {"low": format_value(field, low), "high": format_value(field, high)})
    if operator.takes == Takes.MANY:
        return phrase % (names | {"value": format_list(format_value(field, one) for one in condition.many)})
    if operator.takes == Takes.NOTHING:
        return phrase % names
    return phrase % (names | {"value": format_value(field, condition.single)})


def format_value(field: RuleField, value: Single | None) -> str:
    """A value with its unit, as people read it."""
    if isinstance(value, DaysAgo):
        return _format_days(value.days)
    if isinstance(value, str):  # a code that has no label stays as the rule compares it
        return str(field.labels.get(value, value))
    return text.format_value(field, value, text.EXACT)


def format_list(words: Iterable[str]) -> str:
    return pgettext("between the values of a list", ", ").join(words)


def _format_factor(other: RuleField, factor: Decimal) -> str:
    label = str(other.label)
    if factor == 1:
        return label
    percent = formats.percent(factor, text.EXACT.share_decimals(float(factor)))
    return _("%(percent)s of %(field)s") % {"percent": percent, "field": label}


def _format_days(days: int) -> str:
    if days == 0:
        return _("the business date")
    if days > 0:
        return ngettext("%(n)s day before the business date", "%(n)s days before the business date", days) % {"n": days}
    return ngettext("%(n)s day after the business date", "%(n)s days after the business date", -days) % {"n": -days}
