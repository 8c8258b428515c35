"""The demo operator: a synthetic base, its staff, and two weeks of work, all created through the ordinary services.

Every step is a step of one job, so an interrupted load continues where it stopped.
"""

import random
from collections.abc import Callable
from datetime import date, time, timedelta

from analytics.kpis.services import record_kpis
from campaigns.outreach import change_policy
from campaigns.outreach.models import ContactPolicy
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.installation import install_scenarios
from customers.facts.models import PastValue
from customers.profile.queries.snapshots import snapshot_dates
from customers.profile.queries.windows import months_before
from customers.profile.services import build_profile, build_snapshot
from retention import nightly_steps, pipeline
from retention.core import clock
from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.accounts.services.staff import create_staff
from retention.core.administration.services import Seen, row_values
from retention.core.jobs import services as jobs
from retention.core.jobs.models import Job, JobStep
from retention.portal.services.demo_articles import approve_articles
from retention.portal.services.demo_campaigns import run_demo_campaign, submit_demo_campaign
from retention.portal.services.demo_cohorts import freeze_demo_cohort
from retention.portal.services.demo_finished import (
    LASTS,
    campaign_day,
    close_measurements,
    run_finished_campaigns,
    treatments,
)
from retention.portal.services.demo_inspections import inspect_firms
from retention.portal.services.demo_win_back import call_leavers
from retention.portal.services.working_days import at_hour, settle_decisions, work_orders
from retention.simulator import Spec, simulate_beginning, simulate_operator
from retention.simulator.loading import load_pieces
from workorders.allocation.services.targets import change_team_targets, targets_of_team

PASSWORD = "demo-only-password"  # noqa: S105  (the contract names it; made with the demo operator only)
AGENTS = 8
HISTORY_DAYS = 365
# Month ends before the first night whose profiles are built back.
SNAPSHOTS = 7
# Every simulated night needs a month of daily usage before it, also a month end up to 40 days ago.
DAILY_DAYS = 70
# The night of a month end produces the formal warning list; its results show two weeks later.
LIST_NIGHT_AT_LEAST, SECOND_NIGHT = 10, 7
# Agents work the queues on so many days after each of the two nights.
WORKED_DAYS = 2
# Firms are visited from so many days back, and not before the finished campaigns have ended.
VISITED_DAYS = 89
DAILY_TARGETS = {"contacts_target": 12, "kept_target": 4}
# The capacity of eight agents: a scenario may open so many orders a night.
NIGHTLY_CAP = 40


def load_demo(*, subscribers: int, say: Callable[[str], None] = lambda line: None) -> Job:
    """Create the demo operator up to yesterday; returns its job, DONE at once when it exists already."""
    job = Job.objects.filter(kind="demo").order_by("pk").first()
    job = job or jobs.get_job(kind="demo", business_date=clock.yesterday(), key=str(subscribers))
    if job.state == Job.State.DONE:
        return job
    until, wanted = job.business_date, int(job.key)
    with jobs.running(job):
        for name, work in (
            ("beginning", lambda step: _beginning(step, wanted, until)),
            ("staff", _staff),
            ("finished campaigns", lambda step: _finished_campaigns(step, until)),
            ("operator", lambda step: _operator(step, wanted, until)),
            ("history", lambda step: _history(step, until)),
            ("cohort", lambda step: _cohort(step, until)),
            *(
                (f"{name} {back}", lambda step, work=work, back=back: work(step, until, back))
                for back in worked_nights(until)
                for name, work in (("visits", _visits), ("night", _night), ("win-back", _win_back))
            ),
            ("campaign in approval", lambda step: _campaign_in_approval(step, until)),
            ("inspections", lambda step: _visits(step, until, 0)),
            ("verdicts", lambda step: _verdicts(step, until)),
        ):
            step = jobs.run_step(job, name, work)
            say(f"{name}: {step.rows:,} in {step.seconds:.1f} s")
    return job


def worked_nights(until: date) -> tuple[int, int]:
    """Days back from `until` of the two simulated nights: a month end's, then one of last week."""
    return (until - month_end_night(until)).days, SECOND_NIGHT


def month_end_night(until: date) -> date:
    return (until - timedelta(days=LIST_NIGHT_AT_LEAST - 1)).replace(day=1) - timedelta(days=1)


def _spec(subscribers: int, until: date) -> Spec:
    return Spec(subscribers, HISTORY_DAYS, until, DAILY_DAYS)


def _beginning(step: JobStep, subscribers: int, until: date) -> None:
    """The operator of the day on which the finished campaigns were frozen."""
    step.rows = load_pieces(simulate_beginning(_spec(subscribers, until), campaign_day(until)))


def _finished_campaigns(step: JobStep, until: date) -> None:
    on = campaign_day(until)
    build_profile(as_of=on)
    nightly_steps.shipped(on, step)
    approve_articles(day=on + timedelta(days=1))
    step.rows = run_finished_campaigns(on=on)


def _operator(step: JobStep, subscribers: int, until: date) -> None:
    """The whole history, in which those whom the finished campaigns kept have stayed.

    The beginning is replaced at one moment of today. Its values are no past ones: what stood when, say the events.
    """
    step.rows = load_pieces(simulate_operator(_spec(subscribers, until), treatments=treatments()))
    PastValue.objects.all().delete()


def _staff(step: JobStep) -> None:
    """One user per role, and agents in three retention groups: of the two biggest cities, and of the whole province."""
    root = Branch.objects.filter(parent=None).order_by("pk").first()
    if root is None:
        raise RuntimeError("the simulated operator has no branches")
    cities = list(Branch.objects.filter(parent=root).order_by("pk")[:2])
    homes = [*cities, root]
    groups = [f"G{place + 1}" for place in range(len(homes))]
    people: list[tuple[str, Role, Branch, tuple[str, ...]]] = [
        ("admin", Role.ADMINISTRATOR, root, ()),
        ("manager", Role.MANAGER, root, ()),
        ("analyst", Role.ANALYST, root, ()),
    ]
    for place in range(AGENTS):
        at = place % len(homes)
        people.append((f"agent{place + 1}", Role.AGENT, homes[at], (groups[at],)))
    people.append(("supervisor", Role.SUPERVISOR, root, tuple(groups)))
    for username, role, branch, teams in people:
        create_staff(username=username, role=role, branch=branch.code, groups=teams, password=PASSWORD, now=clock.now())
    install_scenarios()
    Scenario.objects.update(daily_cap=NIGHTLY_CAP)
    allow_calls_at_any_hour()
    set_targets()
    step.rows = len(people)


def allow_calls_at_any_hour() -> None:
    """A demo is tried in the evening and from other time zones; an operator's desk is handed no order then."""
    hours = {"calls_from": time.min, "calls_until": time.max}
    seen = Seen(row_values(ContactPolicy.objects.current(), hours))
    change_policy(actor=User.objects.get(username="admin"), values=hours, seen=seen)


def set_targets() -> None:
    """What agents are to reach a day: about what they do on the demo's working days."""
    for team in Team.objects.all():
        seen = Seen(row_values(targets_of_team(team), DAILY_TARGETS))
        change_team_targets(actor=User.objects.get(username="supervisor"), team=team, values=DAILY_TARGETS, seen=seen)


def _history(step: JobStep, until: date) -> None:
    """The indicators of the past year's month ends, so that the first page has a trend, and snapshots of the last ones,
    from which the first night places the segments of those months."""
    month = until.replace(day=1)
    ends = [months_before(month, back) - timedelta(days=1) for back in range(12)]
    step.rows = sum(record_kpis(as_of=end, historic_only=True) for end in reversed(ends))
    step.rows += sum(build_snapshot(as_of=end) for end in ends[:SNAPSHOTS] if end < month_end_night(until))


def _cohort(step: JobStep, until: date) -> None:
    """Frozen at the oldest month end of which a snapshot was built: it has months to show from the first night on."""
    step.rows = freeze_demo_cohort(on=min(snapshot_dates(until)))


def _verdicts(step: JobStep, until: date) -> None:
    step.rows = close_measurements(day=until)


def _campaign_in_approval(step: JobStep, until: date) -> None:
    step.rows = submit_demo_campaign(day=until)


def visited_days(until: date, back: int) -> tuple[date, date]:
    """The first and last day of the visits before the night of `back` days ago, 0 for those of the last days. On the
    days after a night agents work the queues."""
    nights = [until - timedelta(days=night) for night in worked_nights(until)]
    last = until - timedelta(days=back)
    first = max(until - timedelta(days=VISITED_DAYS), campaign_day(until) + LASTS + timedelta(days=2))
    days_after = [night + timedelta(days=WORKED_DAYS + 1) for night in nights if night < last]
    return max([first, *days_after]), last


def _visits(step: JobStep, until: date, back: int) -> None:
    first, last = visited_days(until, back)
    step.rows = inspect_firms(first=first, last=last)


def _win_back(step: JobStep, until: date, back: int) -> None:
    """On the second day after a night, when the queues were worked."""
    step.rows = call_leavers(day=until - timedelta(days=back - WORKED_DAYS))


def _night(step: JobStep, until: date, back: int) -> None:
    """One past night, and the two working days after it, on which the campaign of the demo begins."""
    as_of = until - timedelta(days=back)
    with clock.freeze(at_hour(as_of + timedelta(days=1), 2)):
        pipeline.run_nightly(as_of=as_of)
    dice = random.Random(back)
    for day in (as_of + timedelta(days=place) for place in range(1, WORKED_DAYS + 1)):
        settle_decisions(day=day)
        if back == SECOND_NIGHT:
            step.rows += run_demo_campaign(day=day)
        step.rows += work_orders(day=day, dice=dice)
