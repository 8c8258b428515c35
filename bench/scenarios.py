"""All scenarios of a night over the base, beside the same rules as bare statements that write what they match."""

from datetime import date

from django.db import connection

from bench.measure import beside, seconds
from bench.night import after_a_night
from campaigns.audiences.queries import MATCH_COLUMNS
from campaigns.audiences.rules import as_q
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.services.nightly import run_scenarios
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.db.inline import inline

AT_MOST, MOST_SECONDS = 1.3, 30
RUNS, HITS = ScenarioRun._meta.db_table, ScenarioHit._meta.db_table


def run(subscribers: int) -> dict:
    night = after_a_night()
    Scenario.objects.filter(trigger=Scenario.Trigger.NIGHTLY).update(enabled=True)
    _forget()
    floor = seconds(lambda: _plain(night))
    took = seconds(lambda: run_scenarios(as_of=night, now=clock.now()))
    found = ScenarioRun.objects.filter(on=night)
    again = run_scenarios(as_of=night, now=clock.now())
    return beside(
        figure=took, floor=floor, unit="s", floor_is="each rule as a bare statement that writes what it matches",
        goal=f"<= {MOST_SECONDS} s at 1,000,000 and <= {AT_MOST} x the floor",
        reached=took <= MOST_SECONDS and took <= AT_MOST * floor,
        scenarios=found.count(), held=found.exclude(held_because="").count(), found=sum(one.found for one in found),
        new=sum(one.new for one in found), new_on_the_second_run=again.new,
        slowest=[{"code": one.scenario.code, "found": one.found, "new": one.new, "seconds": one.seconds}
                 for one in found.select_related("scenario").order_by("-seconds")[:6]],
    )  # fmt: skip


def _plain(night: date) -> None:
    for scenario in Scenario.objects.nightly():
        lines = SubscriberProfile.objects.filter(as_q(scenario.rule), as_of=night)
        sql, params = inline(lines.values(*MATCH_COLUMNS))
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE matched AS {sql}", params)
            cursor.execute("DROP TABLE matched")


def _forget() -> None:
    """As if no scenario had run. Only ever called on the benchmarks' own database."""
    assert str(connection.settings_dict["NAME"]).endswith("_bench")
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {RUNS}, {HITS} CASCADE")
