"""Days of work, and how they are split into rows."""

from dataclasses import dataclass
from datetime import date, timedelta

WHOLE, DAY, WEEK = "whole", "day", "week"


@dataclass(frozen=True)
class Period:
    """Days of the operator, both inclusive."""

    first: date
    last: date

    def within(self, day: date | None, span: str) -> "Period":
        """The part of it that is the day, or lies in the week that begins with it; all of it without a day."""
        if day is None:
            return self
        end = day if span == DAY else day + timedelta(days=6)
        return Period(max(self.first, day), min(self.last, end))
