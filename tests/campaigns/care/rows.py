"""Rows of the care calendar: TODAY is the night's date, so that customers are contacted the day after."""

from datetime import date, datetime, timedelta
from typing import Any

from campaigns.care.models import CareNotice
from campaigns.care.services import install_care
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.services.nightly import run_scenarios
from customers.facts.models import Balance, Payment, PointEntry, Subscriber
from customers.profile.models import SubscriberProfile
from retention.core.db import partitioned_tables
from tests.campaigns.rows import make_line
from tests.factories import NOW, TODAY, number

DAY = timedelta(days=1)
CONTACT_ON = TODAY + DAY


def install_only(*codes: str) -> None:
    """The kinds of the calendar, of which only these are on."""
    install_care()
    Scenario.objects.exclude(code__in=[f"S21-{code}" for code in codes]).update(enabled=False)


def run(as_of: date = TODAY) -> list[tuple[str, int]]:
    """(kind, line) of what a night finds."""
    run_scenarios(as_of=as_of, now=NOW + (as_of - TODAY))
    hits = ScenarioHit.objects.filter(on=as_of).order_by("scenario__code", "subscriber")
    return [(code.removeprefix("S21-"), line) for code, line in hits.values_list("scenario__code", "subscriber")]


def occasion_of(line: SubscriberProfile) -> dict[str, Any]:
    return ScenarioHit.objects.get(subscriber=line.pk).evidence["occasion"]


def line_of(*, born: date | None = None, **profile: Any) -> SubscriberProfile:
    line = make_line(**{"status": "active"} | profile)
    line.customer.birth_date = born
    line.customer.save()
    return line


def earn(line: Subscriber | SubscriberProfile, points: int, *, at: datetime = NOW, **given: Any) -> PointEntry:
    values = {"entry_no": number("P"), "reason": "consumption"}
    return PointEntry.objects.create(**values | {"subscriber_id": line.pk, "points": points, "at": at} | given)


def pay(line: SubscriberProfile, amount: int, *, at: datetime = NOW) -> Payment:
    account = line.subscriber.account
    return Payment.objects.create(payment_no=number("Z"), account=account, amount=amount, paid_at=at)


def hold(line: SubscriberProfile, balance: int, *, day: date = TODAY) -> Balance:
    partitioned_tables.ensure_partitions(Balance._meta.db_table, [day])
    return Balance.objects.create(account=line.subscriber.account, day=day, balance=balance)


def make_notice(**given: Any) -> CareNotice:
    """Network work from the day after tomorrow, of which the whole base is told two days before."""
    values = {
        "code": number("N"), "name": "Network work", "name_zh": "网络割接", "enabled": True,
        "starts_on": CONTACT_ON + 2 * DAY, "ends_on": CONTACT_ON + 3 * DAY,
    }  # fmt: skip
    if "scenario" not in given:
        given["scenario"] = Scenario.objects.get(code="S21-cut-over")
    return CareNotice.objects.create(**values | given)
