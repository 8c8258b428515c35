"""A small operator whose back-tests can be counted by hand.

Five lines are found in July, of which three leave by choice and one for arrears; of the other six one leaves. TODAY is
20 November: the 30 days after September are over, the 60 after August, the 90 after July.

            July 31                                    August 31   September 30   October 31
    a1      found, leaves 20 days later (20 Aug)
    a2      found, ported out 50 days later (19 Sep)   found
    a3      found, leaves 80 days later (19 Oct)       live        live
    a4      found, ended for arrears after 10 days
    a5      found                                      found       found          found
    b1      leaves 30 days later (30 Aug)
    b2..b6  live                                       live        live           live
"""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from customers.facts.models import Subscriber
from customers.profile.models import ProfileSnapshot
from retention.core.accounts.models import Branch
from retention.core.db import partitioned_tables
from tests.campaigns.rows import SPEND_FELL, rule
from tests.factories import make_branch, make_profile, make_subscriber

JULY, AUGUST, SEPTEMBER, OCTOBER = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)
RULE = rule(SPEND_FELL)
FOUND: dict[date, tuple[str, ...]] = {
    JULY: ("a1", "a2", "a3", "a4", "a5"), AUGUST: ("a2", "a5"), SEPTEMBER: ("a5",), OCTOBER: ("a5",),
}  # fmt: skip
ENDS = {"a1": (20, "voluntary"), "a2": (50, "port_out"), "a3": (80, "voluntary"), "a4": (10, "arrears"),
        "b1": (30, "voluntary")}  # fmt: skip
NAMES = [f"a{one}" for one in range(1, 6)] + [f"b{one}" for one in range(1, 7)]


def make_operator(here: Branch | None = None, elsewhere: Branch | None = None) -> SimpleNamespace:
    """The lines by name; b1 is of another branch."""
    here = here or make_branch()
    elsewhere = elsewhere or make_branch()
    lines = {name: _make_line(name, elsewhere if name == "b1" else here) for name in NAMES}
    for month, found in FOUND.items():
        for name, line in lines.items():
            if line.terminated_on is None or line.terminated_on > month:
                make_snapshot(line, month, bill_change=-0.5 if name in found else 0.1)
    make_profile(subscriber=lines["a5"], bill_change=-0.5, arpu=Decimal("100"))
    return SimpleNamespace(**lines, here=here, elsewhere=elsewhere)


def make_snapshot(line: Subscriber, month: date, **given: Any) -> ProfileSnapshot:
    partitioned_tables.ensure_partitions("customers_profilesnapshot", [month])
    values = {
        "line_type": line.line_type, "status": "active", "tenure_days": 600, "tenure_cohort": "over_12",
        "arpu": Decimal("100"),
    }  # fmt: skip
    return ProfileSnapshot.objects.create(subscriber=line, as_of=month, **values | given)


def _make_line(name: str, branch: Branch) -> Subscriber:
    if name not in ENDS:
        return make_subscriber(branch=branch)
    after, reason = ENDS[name]
    return make_subscriber(
        branch=branch, status="terminated", terminated_on=JULY + timedelta(days=after), termination_reason=reason
    )
