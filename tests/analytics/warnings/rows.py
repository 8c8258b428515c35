"""Rows of the warning lists: lines scored on the night of a month's end."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from customers.facts.models import Subscriber
from retention.core.accounts.models import Branch
from tests.factories import make_profile, make_risk_score, make_subscriber

MONTH_END = date(2026, 11, 30)
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def scored(
    branch: Branch, *, gain: str | None = "30", tier: str = "high", as_of: date = MONTH_END, probability: float = 0.42,
    line: Subscriber | None = None, themes: dict[str, float] | None = None, **profile: Any,
) -> Subscriber:  # fmt: skip
    """A line with a profile and a score of that night."""
    line = line or make_subscriber(branch=branch)
    money = Decimal(gain) if gain is not None else None
    values = {
        "risk_tier": tier, "risk_probability": probability, "risk_scored_on": as_of, "expected_gain": money,
        "arpu": Decimal(120),
    }  # fmt: skip
    make_profile(subscriber=line, as_of=as_of, **values | profile)
    make_risk_score(
        subscriber=line, as_of=as_of, probability=probability, tier=tier, expected_gain=money, themes=themes or {}
    )
    return line
