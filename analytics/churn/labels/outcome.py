"""The dates and numbers of a meaning of churn. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.models import Meaning
from customers.profile.windows import BILL_LAG, months_before

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """What is looked at before and after a snapshot. Days, months; edges in yuan, ascending; brands highest first.

    A call list needs the gap: who leaves tomorrow is not reached any more. observation 0: who is there is labelled
    whatever is known of him (a base without history); else lines are left out where the label would lie (C2).
    line_types, other_than: the types it is for, or all but those it is not for.
    """

    gap: int = 7
    horizon: int = 30
    observation: int = 0
    meaning: str = Meaning.LEAVES
    bills: int = 2
    fall_share: float = 0.2
    edges: tuple[float, ...] = ()
    brands: tuple[str, ...] = ()
    line_types: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()

    def known_until(self, snapshot: date) -> date:
        """The last day of the gap."""
        return snapshot + timedelta(days=self.gap)

    def ends_on(self, snapshot: date) -> date:
        """The last day of the outcome window."""
        if self.meaning == Meaning.SPENDS_LESS:
            return months_before(self.first_bill(snapshot), -self.bills) - ONE_DAY
        return snapshot + timedelta(days=self.gap + self.horizon)

    def matures_on(self, snapshot: date) -> date:
        """The first day on which all that the label needs can have arrived."""
        ends_on = self.ends_on(snapshot)
        return ends_on + BILL_LAG if self.meaning == Meaning.SPENDS_LESS else ends_on

    def first_bill(self, snapshot: date) -> date:
        """The first whole month after the gap."""
        begins = self.known_until(snapshot) + ONE_DAY
        return begins if begins.day == 1 else months_before(begins.replace(day=1), -1)

    def silent_month(self, snapshot: date) -> date:
        """The last whole month of the outcome window; the month after the snapshot when it holds none."""
        following = (snapshot + ONE_DAY).replace(day=1)
        last = months_before((self.ends_on(snapshot) + ONE_DAY).replace(day=1), 1)
        return max(last, following)

    def first_observed(self, snapshot: date) -> date:
        """The first month of the observation window, which ends with the month of the snapshot."""
        return months_before(snapshot.replace(day=1), max(self.observation - 1, 0))


LEAVING = Outcome()
