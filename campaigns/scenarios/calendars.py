"""Calendars: many scenarios that the list shows as one row, declared by the feature that has the calendar's page."""

from dataclasses import dataclass

from retention.core.registry import Registry


@dataclass(frozen=True)
class Calendar:
    """page: name of the view that shows its kinds."""

    name: object
    says: object
    page: str


CALENDARS: Registry[str, Calendar] = Registry("calendar of scenarios")
