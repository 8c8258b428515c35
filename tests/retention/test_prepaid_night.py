"""A night of a small prepaid operator without bills and without daily usage: top-ups, balances and usage by month."""

from collections.abc import Iterator
from datetime import date

import pytest

from analytics.planner.queries import clear_cache, scored_lines
from analytics.planner.services import BEST, plan_campaign
from analytics.valuation.rules.economics import Economics
from campaigns.scenarios.models import ScenarioRun
from customers.profile.models import SubscriberProfile
from retention import pipeline
from retention.core.accounts.roles import Role
from retention.core.jobs.models import Job
from tests import factories as make
from tests.customers.ingest.rows import BRANCHES, PLAN, account, customer, send, subscriber, usage
from tests.learning import few_trees

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 10, 16)
MONTHS = ["2026-07", "2026-08", "2026-09"]
LINES = 360
STAYS, LEFT, LEANS = range(3)


def kind_of(number: int) -> int:
    """Of six lines one has left the day before, one looks as those did, and four go on as ever."""
    return {0: LEFT, 1: LEANS}.get(number % 6, STAYS)


def strength(number: int, place: int) -> float:
    """What is left in a month of the use of the first one."""
    return 1.0 if kind_of(number) == STAYS else (1.0, 0.7, 0.25)[place]


def lines() -> Iterator[dict[str, str]]:
    gone = {"status": "terminated", "terminated_on": "2026-10-15", "termination_reason": "voluntary"}
    for number in range(LINES):
        yield subscriber(number, **(gone if kind_of(number) == LEFT else {}))


def months() -> Iterator[dict[str, str]]:
    for number in range(LINES):
        for place, month in enumerate(MONTHS):
            used = strength(number, place) * (1 + number % 7 / 10)
            measures = {"voice_out_s": 6000, "calls_out": 60, "voice_in_s": 3000, "calls_in": 30, "data_mb": 800}
            given = {name: str(round(value * used)) for name, value in measures.items()}
            yield {name: value for name, value in usage(number, month=month, **given).items() if name != "day"}


def topups() -> Iterator[dict[str, str]]:
    for number in range(LINES):
        for place, month in enumerate(MONTHS):
            amount = round(150 * strength(number, place) + number % 9, 2)
            yield {
                "payment_no": f"M{number}-{month}", "account_no": f"A{number}", "paid_at": f"{month}-15T01:00:00+08:00",
                "amount": str(amount),
            }  # fmt: skip


@pytest.fixture
def operator(monkeypatch):
    few_trees(monkeypatch)
    send("branches", BRANCHES)
    send("plans", [PLAN | {"monthly_fee": "0"}])
    send("customers", [customer(number) for number in range(LINES)])
    send("accounts", [account(number) for number in range(LINES)])
    send("subscribers", list(lines()))
    send("usage-months", list(months()))
    send("payments", list(topups()))
    balances = [
        {"account_no": f"A{n}", "day": "2026-09-30", "balance": "5" if n % 10 == 3 else "80"} for n in range(LINES)
    ]
    send("balances", balances)


def test_a_prepaid_operator_without_bills_has_values_warnings_and_reminders(operator):
    job = pipeline.run_nightly(as_of=AS_OF)

    assert (job.state, job.counts) == (Job.State.DONE, {})
    there = [number for number in range(LINES) if kind_of(number) != LEFT]
    profiles = SubscriberProfile.objects.in_bulk(field_name="subscriber")
    assert len(profiles) == len(there)
    assert {row.spend_source for row in profiles.values()} == {"topups"}
    gains = [row.expected_gain for row in profiles.values()]
    assert len(set(gains)) > 10
    assert min(gains) < 0 < max(gains)

    runs = {run.scenario.code: run for run in ScenarioRun.objects.select_related("scenario")}
    assert {code: run.held_because for code, run in runs.items() if run.held_because} == {}
    assert runs["S13"].found == SubscriberProfile.objects.filter(
        risk_tier__in=["high", "critical"], expected_gain__gt=0
    ).count() > 0  # fmt: skip
    assert runs["S6"].found == len([number for number in there if number % 10 == 3])
    assert runs["S4"].found == len([number for number in there if kind_of(number) == LEANS])

    clear_cache()
    found = scored_lines(make.make_user(role=Role.ADMINISTRATOR))
    plan = plan_campaign(economics=Economics.current(), lines=found.lines, treatment=BEST, calls=50)
    assert plan.paying == len([gain for gain in gains if gain > 0])
    assert plan.best.net > 0
