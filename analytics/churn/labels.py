"""What leaving means (C1, C2, first form), computed from facts set-wise.

A line of a snapshot at T *leaves* when it is terminated voluntarily or ported out within (T + gap, T + gap + horizon],
or, having been in use, falls silent: no use at all in the calendar month after T, without having been stopped. Lines
that leave inside the gap are known already, and lines lost for arrears, as false users or for other reasons are another
matter: both carry no label and are left out.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from customers.profile.windows import months_before


@dataclass(frozen=True)
class Outcome:
    """Days. A call list needs the gap: who leaves tomorrow is not reached any more."""

    gap: int = 7
    horizon: int = 30

    def matures_on(self, snapshot: date) -> date:
        return snapshot + timedelta(days=self.gap + self.horizon)

    def params(self, snapshot: date) -> dict:
        return asdict(self) | {"snapshot": snapshot, "next_month": (snapshot + timedelta(days=1)).replace(day=1)}


LEAVING = Outcome()

# Columns: subscriber_id, left (0, 1 or null). Parameters: those of Outcome.
LABELS_SQL = """
    SELECT p.subscriber_id,
        CASE
            WHEN s.terminated_on <= %(snapshot)s::date + %(gap)s THEN NULL
            WHEN s.terminated_on <= %(snapshot)s::date + %(gap)s + %(horizon)s
                THEN CASE WHEN s.termination_reason IN ('voluntary', 'port_out') THEN 1 END
            WHEN u.subscriber_id IS NOT NULL AND u.calls_out + u.calls_in + u.sms_out = 0 AND u.data_mb = 0
                AND NOT coalesce(p.silent, false) AND NOT coalesce(p.stopped_now, false)
                AND NOT EXISTS (
                    SELECT 1 FROM customers_statusevent v
                    WHERE v.subscriber_id = p.subscriber_id AND v.kind = 'stop' AND v.at >= %(snapshot)s::date + 1
                      AND v.at < %(snapshot)s::date + 1 + %(gap)s + %(horizon)s
                ) THEN 1
            ELSE 0
        END AS left
    FROM customers_profilesnapshot p
    JOIN customers_subscriber s ON s.id = p.subscriber_id
    LEFT JOIN customers_usagemonth u ON u.subscriber_id = p.subscriber_id AND u.month = %(next_month)s
    WHERE p.as_of = %(snapshot)s
"""


def month_ends(as_of: date, count: int, outcome: Outcome = LEAVING) -> list[date]:
    """The latest `count` month ends whose outcome is known by `as_of`, oldest first."""
    ends: list[date] = []
    month = as_of.replace(day=1)
    while len(ends) < count:
        end = month - timedelta(days=1)
        if outcome.matures_on(end) <= as_of:
            ends.append(end)
        month = months_before(month, 1)
    return ends[::-1]
