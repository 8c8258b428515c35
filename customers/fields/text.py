"""Labels of fields and formatting of their values, for rules, reasons, tables and forms.

A style gives the precision of a number. `format_value` shows a value of any kind; the other functions are its parts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from customers.facts import text as facts_text
from customers.facts.models import CustomField
from customers.fields import FIELDS
from customers.fields.attributes import ATTRIBUTE_PREFIX, OwnFields
from customers.fields.base import Area, Kind
from retention.core.ui import formats

AREA_LABELS = {
    Area.IDENTITY: gettext_lazy("Line and customer"),
    Area.CONTRACT: gettext_lazy("Contract and services"),
    Area.USAGE: gettext_lazy("Use"),
    Area.MONEY: gettext_lazy("Spend"),
    Area.EVENTS: gettext_lazy("Events"),
    Area.SERVICE: gettext_lazy("Service"),
    Area.TERMINAL: gettext_lazy("Terminal"),
    Area.SOCIAL: gettext_lazy("Contacts and groups"),
    Area.LISTS: gettext_lazy("Lists"),
    Area.LEAVING: gettext_lazy("Lines that left"),
    Area.RISK: gettext_lazy("Risk"),
    Area.SEGMENT: gettext_lazy("Segments"),
}
KIND_LABELS = {
    Kind.NUMBER: gettext_lazy("Number"),
    Kind.COUNT: gettext_lazy("Whole number"),
    Kind.MONEY: pgettext_lazy("type of a field", "Money"),
    Kind.SHARE: gettext_lazy("Share"),
    Kind.DAYS: gettext_lazy("Days"),
    Kind.DATE: gettext_lazy("Date"),
    Kind.FLAG: gettext_lazy("Yes or no"),
    Kind.CHOICE: gettext_lazy("Code"),
    Kind.TEXT: gettext_lazy("Text"),
}


class Shown(Protocol):
    """What formatting reads from a field: a ProfileField, or a rule's view of a field."""

    @property
    def kind(self) -> Kind: ...
    @property
    def unit(self) -> object: ...
    @property
    def labels(self) -> Mapping[str, object]: ...


@dataclass(frozen=True)
class Style:
    """decimals: of a number, from the number. share_decimals: of a percentage, from the share (0.25 is 25 %).

    money_sign: `¥80`, else `80 yuan`. spaced_unit: a space before the unit in every language. trim: no closing zeros.
    """

    decimals: Callable[[float], int]
    share_decimals: Callable[[float], int]
    money_sign: bool = True
    spaced_unit: bool = True
    trim: bool = False


def _exact(number: float) -> int:
    """As many as the number needs, two at most."""
    return next((places for places in (0, 1) if abs(round(number, places) - number) < 1e-9), 2)


def _two_digits(number: float) -> int:
    return 0 if abs(number) >= 10 or number.is_integer() else 1 if abs(number) >= 1 else 2


def _three_digits(number: float) -> int:
    return 0 if abs(number) >= 100 or number.is_integer() else 1 if abs(number) >= 1 else 2


def _setting(number: float) -> int:
    return 0 if abs(number) >= 10 or number.is_integer() else 2


def _share(share: float) -> int:
    return 0 if abs(share) >= 0.1 else 1


# Two significant digits are enough in speech: 0.25, 2.4, 25, 248.
SPOKEN = Style(_two_digits, _share, trim=True)
# Borders of bands: neighbours must not look alike.
BORDER = Style(_three_digits, _share)
# A literal of a rule, shown as entered.
EXACT = Style(_exact, lambda share: _exact(share * 100), money_sign=False, spaced_unit=False)
# A value on a slider or a chart's axis.
SETTING = Style(_setting, lambda share: _setting(share * 100), money_sign=False)


def field_label(key: str, custom: OwnFields | None = None) -> str:
    """The label of a field of the catalogue or an own field (with or without ATTRIBUTE_PREFIX); else its key.

    custom: the own fields by key, for callers with many; without it an own field is looked up.
    """
    if key in FIELDS:
        return str(FIELDS[key].label)
    bare = key.removeprefix(ATTRIBUTE_PREFIX)
    own = CustomField.objects.filter(key=bare).first() if custom is None else custom.get(bare)
    return own.title if own else bare


def format_value(field: Shown, value: Any, style: Style = SPOKEN) -> str:
    """`30 days`, `¥80`, `12%`, `yes`, a date, the word for a code, or `not known`."""
    if value is None or value == "":
        return _("not known")
    match field.kind:
        case Kind.FLAG:
            return format_flag(value)
        case Kind.DATE:
            return format_day(value)
        case Kind.CHOICE:
            return format_code(field, value)
        case Kind.TEXT:
            return str(value)
    return format_number(field, value, style)


def format_own_value(field: CustomField | None, value: Any) -> str:
    """A value of an own field, as a model or a rule holds it; without the field by the type of the value."""
    if value is None or value == "":
        return _("not known")
    if field and field.kind == CustomField.Kind.FLAG:
        return format_flag(value)
    if field and field.kind == CustomField.Kind.DATE:
        return format_day(value)
    return rounded(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def format_number(field: Shown | None, value: Any, style: Style = SPOKEN, *, unit: bool = True) -> str:
    """A number with its unit; without a field, or with unit=False, bare (shares and signed money keep their sign)."""
    kind = field.kind if field else Kind.NUMBER
    if kind == Kind.SHARE:
        return formats.percent(value, style.share_decimals(float(value)))
    if kind == Kind.MONEY and style.money_sign:
        return formats.money(value, 0 if abs(value) >= 10 else 2)
    decimals = style.decimals(float(value))
    text = formats.number(value, decimals)
    if style.trim and decimals:
        text = text.rstrip("0").rstrip(".")
    return with_unit(field, text, style) if unit else text


def with_unit(field: Shown | None, text: str, style: Style = SPOKEN) -> str:
    """A number's text with the unit of its field; shares and money under their sign have none."""
    signs = {Kind.SHARE, Kind.MONEY} if style.money_sign else {Kind.SHARE}
    if field is None or not field.unit or field.kind in signs:
        return text
    if style.spaced_unit:
        return f"{text} {field.unit}"
    return _("%(number)s %(unit)s") % {"number": text, "unit": field.unit}


def rounded(value: float) -> str:
    """A number without a unit."""
    return format_number(None, float(value))


def format_code(field: Shown | None, code: Any) -> str:
    """The label of a code; for unlabelled codes of source systems, that of `customers.facts.text`."""
    labels = field.labels if field else {}
    return str(labels.get(code) or facts_text.format_source_code(str(code)))


def format_flag(value: Any) -> str:
    return _("yes") if is_true(value) else _("no")


def is_true(value: Any) -> bool:
    """Flags come as booleans, as the model's 0 and 1, or as an operator's text."""
    return value.strip().lower() in {"1", "true", "t", "yes", "y"} if isinstance(value, str) else bool(value)


def format_days(days: Any) -> str:
    """A number of days: `1 day`, `30 days`."""
    return ngettext("%(n)s day", "%(n)s days", int(days)) % {"n": formats.number(days)}


def format_day(value: Any) -> str:
    """A date or an ISO text; any other text stays as it is."""
    try:
        return date_format(value if isinstance(value, date) else date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
