"""Conditions on numbers in words: amounts, changes, parts of another field or of the own baseline."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.audiences.rules.conditions import Condition, Floor, Takes
from campaigns.audiences.rules.fields import RuleField
from campaigns.audiences.rules.nouns import noun_of
from campaigns.audiences.rules.phrases import AGAINST, COUNTED, IN_POINTS, PHRASES, Phrases
from customers.fields import text
from customers.fields.base import CHANGE
from retention.core.ui import formats

AMOUNTS = {
    "=": gettext_lazy("exactly %(value)s"),
    "!=": gettext_lazy("other than %(value)s"),
    "<": gettext_lazy("under %(value)s"),
    "<=": gettext_lazy("at most %(value)s"),
    ">": gettext_lazy("more than %(value)s"),
    ">=": gettext_lazy("at least %(value)s"),
    "in": gettext_lazy("exactly %(value)s"),
    "notIn": gettext_lazy("other than %(value)s"),
}
# What is at most a fall of 30% may be a rise as well, and the other way round.
FALLS = {
    "<=": gettext_lazy("%(noun)s down %(value)s or more %(against)s"),
    "<": gettext_lazy("%(noun)s down more than %(value)s %(against)s"),
    ">=": gettext_lazy("%(noun)s down at most %(value)s %(against)s"),
    ">": gettext_lazy("%(noun)s down less than %(value)s %(against)s"),
}
RISES = {
    "<=": gettext_lazy("%(noun)s up at most %(value)s %(against)s"),
    "<": gettext_lazy("%(noun)s up less than %(value)s %(against)s"),
    ">=": gettext_lazy("%(noun)s up %(value)s or more %(against)s"),
    ">": gettext_lazy("%(noun)s up more than %(value)s %(against)s"),
}
NO_CHANGES = {
    "<=": gettext_lazy("%(noun)s not up %(against)s"),
    "<": gettext_lazy("%(noun)s down %(against)s"),
    ">=": gettext_lazy("%(noun)s not down %(against)s"),
    ">": gettext_lazy("%(noun)s up %(against)s"),
}


def format_number_condition(condition: Condition) -> str:
    """At least 80 yuan a month, no complaints in 90 days, bill down 30% or more against ..."""
    field = condition.field
    if condition.floor:
        return _against_baseline(condition, condition.floor)
    if condition.other is not None:
        return _of_amount(field, _amount(condition.operator.sign, _part_of(condition.other, condition.factor)))
    if condition.operator.takes == Takes.ONE:
        return _with_one(condition)
    if condition.operator.takes == Takes.TWO:
        low, high = (_shown(field, one) for one in condition.many)
        return _of_amount(field, _("%(low)s to %(high)s") % {"low": low, "high": high})
    shown = pgettext("between alternative values", "/").join(_shown(field, one) for one in condition.many)
    return _of_amount(field, _amount(condition.operator.sign, shown))


def _with_one(condition: Condition) -> str:
    field, sign, value = condition.field, condition.operator.sign, condition.single
    assert not isinstance(value, (bool, str)) and isinstance(value, (int, float, Decimal))
    signs = PHRASES.get(field.key, Phrases()).signs
    if exact := signs.get(f"{sign} {float(value):g}"):
        return str(exact)
    if of_sign := signs.get(sign):
        return str(of_sign) % {"value": _shown(field, value)}
    if sign in FALLS and _is_change(field):
        return _change(field, sign, Decimal(str(value)))
    if field.key in COUNTED and (sign, value) in {("=", 0), ("<=", 0), ("<", 1)}:
        return _("no %(noun)s") % {"noun": noun_of(field)}
    if field.key in COUNTED and (sign, value) in {(">", 0), (">=", 1)}:
        return _("has %(noun)s") % {"noun": noun_of(field)}
    return _of_amount(field, _amount(sign, _shown(field, value)))


def _of_amount(field: RuleField, amount: str) -> str:
    phrases = PHRASES.get(field.key, Phrases())
    if phrases.amount:
        return str(phrases.amount) % {"amount": amount}
    names = {"noun": noun_of(field), "amount": amount}
    if _is_change(field):
        return _("change of %(noun)s %(amount)s") % names
    return (_("%(amount)s %(noun)s") if field.key in COUNTED else _("%(noun)s %(amount)s")) % names


def _amount(sign: str, value: str) -> str:
    return str(AMOUNTS[sign]) % {"value": value}


def _shown(field: RuleField, value: Any) -> str:
    if str(field.unit) == _("days") and value == int(value):
        return text.format_days(value)
    if field.key in IN_POINTS:
        return _points(Decimal(str(value)))
    return text.format_number(field, value, text.EXACT)


def _points(share: Decimal) -> str:
    return _("%(points)s percentage points") % {
        "points": formats.number(share * 100, text.EXACT.share_decimals(float(share)))
    }


def _is_change(field: RuleField) -> bool:
    return field.limits == CHANGE or field.key in IN_POINTS


def _change(field: RuleField, sign: str, value: Decimal) -> str:
    against = str(AGAINST.get(field.key) or _("against the mean of the three months before"))
    names = {"noun": noun_of(field), "against": against}
    if value == 0:
        return str(NO_CHANGES[sign]) % names
    return str((FALLS if value < 0 else RISES)[sign]) % (names | {"value": _shown(field, abs(value))})


def _against_baseline(condition: Condition, floor: Floor) -> str:
    field, base, sign = condition.field, condition.other, condition.operator.sign
    assert base is not None
    change = condition.factor - 1
    if change < 0 and sign in {"<", "<="} or change > 0 and sign in {">", ">="} or change == 0:
        names = {"noun": noun_of(field), "against": _("against its own baseline"), "value": _percent(abs(change))}
        words = NO_CHANGES if change == 0 else FALLS if change < 0 else RISES
        said = str(words[sign]) % names
    else:
        part = _("%(percent)s of its own baseline") % {"percent": _percent(condition.factor)}
        said = _("%(noun)s %(amount)s") % {"noun": noun_of(field), "amount": _amount(sign, part)}
    floors = []
    if floor.change is not None:
        floors.append(_("by at least %(value)s") % {"value": _shown(base, floor.change)})
    if floor.base is not None:
        floors.append(_("from at least %(value)s") % {"value": _shown(base, floor.base)})
    if not floors:
        return said
    joined = pgettext("between the conditions of a rule", ", ").join(floors)
    return _("%(what)s (%(floors)s)") % {"what": said, "floors": joined}


def _part_of(other: RuleField, factor: Decimal) -> str:
    if factor == 1:
        return noun_of(other)
    return _("%(percent)s of %(field)s") % {"percent": _percent(factor), "field": noun_of(other)}


def _percent(share: Decimal) -> str:
    return formats.percent(share, text.EXACT.share_decimals(float(share)))
