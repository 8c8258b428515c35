"""A rule in words, in the reader's language, as an operator would say it.

`Active, at least 80 yuan a month, bill down 30% or more against the mean of the three months before`.
"""

from collections.abc import Iterable, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.audiences.rules.amounts import format_number_condition
from campaigns.audiences.rules.conditions import Condition, DaysAgo, Group, Single, Takes
from campaigns.audiences.rules.fields import RuleField, Type
from campaigns.audiences.rules.nouns import noun_of
from campaigns.audiences.rules.parser import parse
from campaigns.audiences.rules.phrases import PHRASES, PLAIN_VALUES, Phrases
from customers.fields import text
from customers.fields.text import is_true

WORD_PATTERNS = {
    "=": gettext_lazy("%(field)s %(value)s"),
    # A comparison with a missing value is false, also these two: their words say so.
    "!=": gettext_lazy("%(field)s known and not %(value)s"),
    "in": gettext_lazy("%(field)s %(value)s"),
    "notIn": gettext_lazy("%(field)s known and none of %(value)s"),
    "contains": gettext_lazy("%(field)s contains %(value)s"),
    "beginsWith": gettext_lazy("%(field)s begins with %(value)s"),
    "null": gettext_lazy("%(field)s not known"),
    "notNull": gettext_lazy("%(field)s known"),
}
DATE_PATTERNS = {
    "=": gettext_lazy("%(field)s on %(value)s"),
    "!=": gettext_lazy("%(field)s known and not on %(value)s"),
    "<": gettext_lazy("%(field)s before %(value)s"),
    "<=": gettext_lazy("%(field)s no later than %(value)s"),
    ">": gettext_lazy("%(field)s after %(value)s"),
    ">=": gettext_lazy("%(field)s no earlier than %(value)s"),
    "lastDays": gettext_lazy("%(field)s within the last %(value)s"),
    "nextDays": gettext_lazy("%(field)s within the next %(value)s"),
}


def format_rule(rule: object | Group) -> str:
    """The rule as one sentence. Raises Invalid."""
    group = rule if isinstance(rule, Group) else parse(rule)
    said = _parts(group)
    if group.negated:
        return capfirst(_("all lines unless %(what)s") % {"what": _enclosed(group, said)})
    return capfirst(_joined(group, said))


def _joined(group: Group, said: Sequence[str]) -> str:
    if group.combinator == "and":
        return pgettext("between the conditions of a rule", ", ").join(said)
    return pgettext("between alternatives", " or ").join(said)


def _enclosed(group: Group, said: Sequence[str]) -> str:
    """Inside a longer sentence, so that its end is seen."""
    if len(said) == 1:
        return said[0]
    if group.combinator == "or":
        return _("either %(what)s") % {"what": _joined(group, said)}
    return _("(%(what)s)") % {"what": pgettext("inside brackets", " and ").join(said)}


def _parts(group: Group) -> list[str]:
    """Its conditions in words. "..., or not known" is said of the condition before it, not as another one."""
    said: list[str] = []
    before: RuleField | None = None
    for one in group.rules:
        if isinstance(one, Group):
            said.append(_inner(one))
            before = None
        elif group.combinator == "or" and one.operator.sign == "null" and one.field == before:
            said.append(_("not known"))
        else:
            said.append(format_condition(one))
            before = one.field
    return said


def _inner(group: Group) -> str:
    what = _enclosed(group, _parts(group))
    return _("unless %(what)s") % {"what": what} if group.negated else what


def format_condition(condition: Condition) -> str:
    """One condition in words."""
    field, operator = condition.field, condition.operator
    if operator.takes == Takes.NOTHING:
        said = PHRASES.get(field.key, Phrases()).signs.get(operator.sign, WORD_PATTERNS[operator.sign])
        return str(said) % {"field": noun_of(field)}
    if field.membership:
        return _membership(condition)
    if field.is_number:
        return format_number_condition(condition)
    if field.type == Type.DATE:
        return _date(condition)
    if field.type == Type.FLAG:
        return _flag(condition)
    return _word(condition)


def _word(condition: Condition) -> str:
    field, sign = condition.field, condition.operator.sign
    if condition.operator.takes == Takes.MANY:
        value = format_list(_code(field, str(one)) for one in condition.many)
    else:
        value = _code(field, str(condition.single))
    if sign in {"=", "in"} and field.key in PLAIN_VALUES:
        return value
    return str(WORD_PATTERNS[sign]) % {"field": noun_of(field), "value": value}


def _code(field: RuleField, code: str) -> str:
    """The words for a code; what speaks for itself begins small, but for abbreviations."""
    if said := PHRASES.get(field.key, Phrases()).codes.get(code):
        return str(said)
    name = format_value(field, code)
    return name if field.key not in PLAIN_VALUES or name[:2].isupper() else name[:1].lower() + name[1:]


def _flag(condition: Condition) -> str:
    field, phrases = condition.field, PHRASES.get(condition.field.key, Phrases())
    names = {"field": noun_of(field), "value": text.format_flag(condition.single)}
    if condition.operator.sign == "!=":
        return str(WORD_PATTERNS["!="]) % names
    said = phrases.yes if is_true(condition.single) else phrases.no
    return str(said) if said else _("%(field)s: %(value)s") % names


def _date(condition: Condition) -> str:
    field, operator = condition.field, condition.operator
    names = {"field": noun_of(field)}
    if operator.takes == Takes.DAYS:
        return str(DATE_PATTERNS[operator.sign]) % (names | {"value": text.format_days(condition.within_days)})
    if operator.takes == Takes.TWO:
        low, high = (format_value(field, one) for one in condition.many)
        return _("%(field)s from %(low)s to %(high)s") % (names | {"low": low, "high": high})
    return str(DATE_PATTERNS[operator.sign]) % (names | {"value": format_value(field, condition.single)})


def _membership(condition: Condition) -> str:
    field, membership = condition.field, condition.field.membership
    assert membership is not None
    if field.type == Type.FLAG:
        return str(membership.said if is_true(condition.single) else membership.said_not)
    pattern = membership.said if condition.operator.sign == "in" else membership.said_not
    what = str(pattern) % {"values": format_list(format_value(field, one) for one in condition.many)}
    if condition.days is None:
        return what
    return _("%(what)s in the last %(days)s") % {"what": what, "days": text.format_days(condition.days)}


def format_value(field: RuleField, value: Single | None) -> str:
    """A value with its unit, as people read it."""
    if isinstance(value, DaysAgo):
        return _format_days(value.days)
    if isinstance(value, str):  # a code that has no label stays as the rule compares it
        return str(field.labels.get(value, value))
    return text.format_value(field, value, text.EXACT)


def format_list(words: Iterable[str]) -> str:
    return pgettext("between alternative values", "/").join(words)


def _format_days(days: int) -> str:
    if days == 0:
        return _("the business date")
    if days > 0:
        return _("%(days)s before the business date") % {"days": text.format_days(days)}
    return _("%(days)s after the business date") % {"days": text.format_days(-days)}
