"""Reading one value of a rule by the type of its field, from JSON or from a form. Raises ValueError with a message."""

import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from campaigns.audiences.rules.conditions import DaysAgo, Single
from campaigns.audiences.rules.fields import RuleField, Type
from customers.fields.text import EXACT, format_number

WHOLE_LIMIT = 2_147_483_647  # the columns are four bytes wide
NUMBER_LIMIT = Decimal(10) ** 10
DECIMALS = 6
DAYS_LIMIT = 36_500
TEXT_LIMIT = 200
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
TRUE, FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


def read_value(field: RuleField, raw: object) -> Single:
    """`raw` as a value of the field: 80, "80", "2026-11-22", {"days_ago": 30}, true, "gold"."""
    return READERS[field.type](field, raw)


def read_number(raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise ValueError(_("a number is needed"))
    if isinstance(raw, float) and not math.isfinite(raw):
        raise ValueError(_("a number is needed"))
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise ValueError(_("a number is needed")) from None
    if not number.is_finite():
        raise ValueError(_("a number is needed"))
    if abs(number) > NUMBER_LIMIT:
        raise ValueError(_("the number is too large"))
    rounded = round(number, DECIMALS)
    return number if number == rounded else rounded


def read_days(raw: object) -> int:
    """A number of days back or ahead."""
    days = read_number(raw)
    if days != days.to_integral_value() or not 1 <= days <= DAYS_LIMIT:
        raise ValueError(_("a number of days between 1 and %(limit)s is needed") % {"limit": DAYS_LIMIT})
    return int(days)


def check_limits(field: RuleField, value: Single | None) -> None:
    """Raises ValueError, with what the field can be, for a value that it never has."""
    if isinstance(value, date):
        if not FIRST_DAY <= value <= LAST_DAY:
            raise ValueError(
                _("a day between %(first)s and %(last)s is needed") % {"first": FIRST_DAY, "last": LAST_DAY}
            )
        return
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return
    least, most = field.limits
    if (least is None or value >= least) and (most is None or value <= most):
        return
    shown = {
        "value": _shown(field, value),
        "field": field.label,
        "least": _shown(field, least),
        "most": _shown(field, most),
    }
    if most is None:
        raise ValueError(_("%(value)s cannot be: %(field)s is never below %(least)s") % shown)
    raise ValueError(_("%(value)s cannot be: %(field)s is between %(least)s and %(most)s") % shown)


def _shown(field: RuleField, value: float | Decimal | None) -> str:
    return "" if value is None else format_number(field, value, EXACT)


def _whole(field: RuleField, raw: object) -> int:
    number = read_number(raw)
    if number != number.to_integral_value():
        raise ValueError(_("a whole number is needed"))
    if abs(number) > WHOLE_LIMIT:
        raise ValueError(_("the number is too large"))
    return int(number)


def _money(field: RuleField, raw: object) -> Decimal:
    return read_number(raw)


def _real(field: RuleField, raw: object) -> float:
    return float(read_number(raw))


def _date(field: RuleField, raw: object) -> date | DaysAgo:
    if isinstance(raw, dict) and set(raw) == {"days_ago"}:
        days = _whole(field, raw["days_ago"])
        if abs(days) > DAYS_LIMIT:
            raise ValueError(_("the number of days is too large"))
        return DaysAgo(days)
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else _no_date()
    except ValueError:
        return _no_date()


def _no_date() -> date:
    raise ValueError(_("a day such as 2026-11-22 is needed, or a number of days ago"))


def _flag(field: RuleField, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in TRUE | FALSE:
        return raw.lower() in TRUE
    raise ValueError(_("yes or no is needed"))


def _text(field: RuleField, raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(_("a text is needed"))
    text = raw.strip()
    if len(text) > TEXT_LIMIT or "\x00" in text:
        raise ValueError(_("the text is too long or holds characters that cannot be searched"))
    return text


def _choice(field: RuleField, raw: object) -> str:
    text = _text(field, raw)
    if field.choices and text not in dict(field.choices):
        raise ValueError(_("“%(value)s” is not one of the values of this field") % {"value": text})
    return text


READERS: dict[Type, Callable[[RuleField, object], Single]] = {
    Type.WHOLE: _whole,
    Type.MONEY: _money,
    Type.REAL: _real,
    Type.SHARE: _real,
    Type.DECIMAL: _money,
    Type.DATE: _date,
    Type.FLAG: _flag,
    Type.CHOICE: _choice,
    Type.TEXT: _text,
    Type.MEMBER: _choice,
}
