"""What upper layers know of the value of a line, which the economics of an offer stand on."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Protocol

from campaigns.offers.economics import LineValue
from retention.core.registry import Registry


class LineValues(Protocol):
    def of_line(self, *, subscriber_id: int, plans: Collection[int], on: date) -> LineValue | None:
        """Of one line, rated on these plans as on a day; a fixed number of statements. None without a known spend."""

    def of_typical(
        self, *, line_type: str, tenure_months: float | None, spend: float, chance: float | None
    ) -> LineValue:
        """Of a line like this; after the first call of the same object no statement is made."""


# "lines": a maker of LineValues, which reads the assumptions once.
LINE_VALUES: Registry[str, Callable[[], LineValues]] = Registry("value of lines")


def line_values() -> LineValues | None:
    """None where no app knows any."""
    return LINE_VALUES["lines"]() if "lines" in LINE_VALUES else None
