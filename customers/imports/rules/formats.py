"""Value formats of columns, and the mapping steps that convert them to the field's type.

Each format applies to fields of certain types; `looks` recognises it from sample values.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.ingest.resources.base import Field

GIVEN_DAY = "given_day"
DATES, NUMBERS = frozenset({"day", "month", "instant"}), frozenset({"integer", "number", "decimal"})
Steps = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class ValueFormat:
    label: str | Promise
    kinds: frozenset[str]
    steps: Steps
    looks: re.Pattern | None = None


def _date(label: str, pattern: str, looks: str) -> ValueFormat:
    return ValueFormat(label, DATES, (("date_format", pattern),), re.compile(looks))


def _time(label: str, pattern: str, looks: str) -> ValueFormat:
    """A local time; a day field gets its date."""
    return ValueFormat(label, frozenset({"day", "instant"}), (("time_format", pattern),), re.compile(looks))


D, M, Y, CLOCK = r"([12]?\d|0\d|3[01])", r"(0?\d|1[0-2])", r"(19|20)\d\d", r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
VALUE_FORMATS: dict[str, ValueFormat] = {
    "ymd-slash": _date("2026/01/31", "%Y/%m/%d", rf"{Y}/{M}/{D}"),
    "ymd-plain": _date("20260131", "%Y%m%d", rf"{Y}(0\d|1[0-2])([012]\d|3[01])"),
    "ymd-dot": _date("2026.01.31", "%Y.%m.%d", rf"{Y}\.{M}\.{D}"),
    "ymd-zh": _date("2026年1月31日", "%Y年%m月%d日", rf"{Y}年{M}月{D}日"),
    "time-slash": _time("2026/01/31 10:30:00", "%Y/%m/%d %H:%M:%S", rf"{Y}/{M}/{D} \d{{1,2}}:\d\d:\d\d"),
    "time-short": _time("2026/01/31 10:30", "%Y/%m/%d %H:%M", rf"{Y}/{M}/{D} \d{{1,2}}:\d\d"),
    "time-plain": _time("20260131103000", "%Y%m%d%H%M%S", rf"{Y}(0\d|1[0-2])([012]\d|3[01])\d{{6}}"),
    "dmy-slash": _date("31/01/2026", "%d/%m/%Y", rf"{D}/{M}/{Y}"),
    "mdy-slash": _date("01/31/2026", "%m/%d/%Y", rf"{M}/{D}/{Y}"),
    "dmy-dot": _date("31.01.2026", "%d.%m.%Y", rf"{D}\.{M}\.{Y}"),
    "ym-plain": ValueFormat(
        "202601", frozenset({"month"}), (("date_format", "%Y%m"),), re.compile(rf"{Y}(0\d|1[0-2])")
    ),
    "ym-slash": ValueFormat("2026/01", frozenset({"month"}), (("date_format", "%Y/%m"),), re.compile(rf"{Y}/{M}")),
    "ym-zh": ValueFormat("2026年1月", frozenset({"month"}), (("date_format", "%Y年%m月"),), re.compile(rf"{Y}年{M}月")),
    "local-time": ValueFormat(
        _("2026-01-31 10:30, local time"), frozenset({"instant"}), (("suffix", "OFFSET"),),
        re.compile(rf"{Y}-\d\d-\d\d[ T]{CLOCK}"),
    ),
    "local-day": ValueFormat(
        _("2026-01-31, from its midnight"), frozenset({"instant"}), (("suffix", "MIDNIGHT"),),
        re.compile(rf"{Y}-\d\d-\d\d"),
    ),
    "months-ago": ValueFormat(
        _("months before the given day"), frozenset({"day"}), (("months_before", GIVEN_DAY),),
        re.compile(r"\d{1,3}(\.\d+)?"),
    ),
    "days-ago": ValueFormat(_("days before the given day"), frozenset({"day"}), (("days_before", GIVEN_DAY),)),
    "amount": ValueFormat(
        "¥1,234.50 / 1,234元", NUMBERS, (("strip", "¥￥$元 "), ("remove", ",")),
        re.compile(r"[¥￥$]?\s*[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\s*元?"),
    ),
    "minutes": ValueFormat(_("minutes, wanted in seconds"), NUMBERS, (("multiply", 60), ("round", 0))),
    "gigabytes": ValueFormat(_("GB, wanted in MB"), NUMBERS, (("multiply", 1024),)),
    "cents": ValueFormat(_("cents (fen), wanted in yuan"), NUMBERS, (("divide", 100),)),
}  # fmt: skip


def format_choices(field: Field) -> list[tuple[str, str]]:
    """(name, label) of the formats of a field's values; "" is the field's own format."""
    return [
        ("", str(_("as it is"))),
        *((n, str(w.label)) for n, w in VALUE_FORMATS.items() if field.kind.name in w.kinds),
    ]


def steps_of(name: str, field: Field) -> Steps:
    """The mapping steps of a format for this field; a day becomes an instant at its midnight."""
    way = VALUE_FORMATS.get(name)
    if way is None or field.kind.name not in way.kinds:
        return ()
    steps = tuple((step, _suffix(setting)) for step, setting in way.steps)
    match field.kind.name, steps[0]:
        case "instant", ("date_format", _):
            return (*steps, ("suffix", _suffix("MIDNIGHT")))
        case "instant", ("time_format", _):
            return (*steps, ("suffix", _suffix("OFFSET")))
        case "day", ("time_format", pattern):
            return (("date_format", pattern),)
    return steps


def _suffix(setting: object) -> object:
    """The UTC offset of local time; the service's zone has no daylight saving time (China)."""
    now = datetime(2026, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE))
    offset = f"{now:%z}"
    offset = f"{offset[:3]}:{offset[3:]}"
    return {"OFFSET": offset, "MIDNIGHT": f"T00:00:00{offset}"}.get(str(setting), setting)


def format_of_steps(steps: Steps, field: Field) -> str | None:
    """The format with these steps; None without one."""
    names = ["", *(n for n, w in VALUE_FORMATS.items() if field.kind.name in w.kinds)]
    return next((name for name in names if steps_of(name, field) == tuple(steps)), None)


def recognise_format(field: Field, texts: list[str]) -> str:
    """The format of nearly all of these values; "" when the field accepts them unchanged."""
    sample = texts[:100]
    if not field.kind.read(pa.array(sample, pa.string())).faults:
        return ""
    for name, way in VALUE_FORMATS.items():
        if field.kind.name in way.kinds and way.looks:
            hits = sum(bool(way.looks.fullmatch(text)) for text in sample)
            if hits >= 0.9 * len(sample):
                return name
    return ""


def is_impossible_date(text: str) -> bool:
    """Whether the text has the form of a date that does not exist: 2021/02/30."""
    patterns = [
        way.steps[0][1]
        for way in VALUE_FORMATS.values()
        if way.looks and way.kinds == DATES and way.looks.fullmatch(text)
    ]
    return bool(patterns) and not any(_reads(text, str(pattern)) for pattern in patterns)


def _reads(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007  (only whether it can be read)
    except ValueError:
        return False
    return True
