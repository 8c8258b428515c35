"""The calendar that ships: office hours with the public holidays of China. Switched off, until a manager wants it."""

from workorders.clocks.models import WorkCalendar

OFFICE = {
    "code": "office", "name": "Office hours", "name_zh": "行政班", "holidays": "CN", "built_in": True,
}  # fmt: skip


def install_calendars() -> int:
    """Safe to run again: what a manager made of it stays. Returns how many are new."""
    values = dict(OFFICE)
    _row, new = WorkCalendar.objects.get_or_create(code=values.pop("code"), defaults=values)
    return int(new)
