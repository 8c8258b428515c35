"""The steps of the night, in order. The same code under Celery (retention.tasks) and under `manage.py nightly`.

Each step is one service that takes `as_of`, may be killed at any point, and changes nothing when it runs again.
While a feed is late that is usually sent, what learns from the facts holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from analytics.backtests.services import record_backtests
from analytics.churn.services import versions as churn
from analytics.evaluation.services.campaign_tests import record_campaign_tests
from analytics.evaluation.services.stopping import pause_harmful
from analytics.evaluation.services.uplift import ensure_uplift, score_uplift
from analytics.groups.services import record_groups
from analytics.kpis.services import make_up_kpis, record_kpis
from analytics.monitoring.services.recording import record_monitoring
from analytics.outcomes.services.counts import record_outcomes
from analytics.outcomes.services.definitions import install_definitions
from analytics.outcomes.services.factors import record_factors
from analytics.plan_fit.services import rate_base
from analytics.valuation.services import record_churn_rates
from analytics.warnings.services.monthly import count_results, freeze_list
from analytics.warnings.services.owed_lists import list_owed
from campaigns.campaigns.services.holdouts import assign_universal_holdout
from campaigns.care.services import install_care
from campaigns.cohorts.services.measuring import measure_cohorts
from campaigns.messages.services.installation import install_templates
from campaigns.messages.services.scenario_hits import queue_from_hits
from campaigns.offers.services.installation import count_answers, install_offers
from campaigns.scenarios.services.installation import install_scenarios
from campaigns.scenarios.services.nightly import run_scenarios
from campaigns.segments.services.installation import install_segmentations
from campaigns.segments.services.placement import record_segments
from customers.circles.services import record_circles
from customers.facts.services import refresh_statistics
from customers.glossary.services import record_distributions
from customers.ingest.services.removal import forget_names
from customers.profile import checks
from customers.profile.queries.nights import awaited_nights
from customers.profile.queries.windows import is_month_end
from customers.profile.services import build_profile, build_snapshot, make_up_snapshots, take_snapshot, usage_rollup
from retention.core import clock
from retention.core.jobs import services as jobs
from retention.core.jobs.models import NIGHTLY, Job, JobStep
from workorders.allocation.services.skills import install_skills
from workorders.clocks.services.installation import install_calendars
from workorders.knowledge.services.installation import install_articles
from workorders.order_types.services import install_order_types
from workorders.orders.services.auto_close import auto_close_orders
from workorders.orders.services.scenario_opening import open_from_hits
from workorders.pauses.services import install_pause_codes
from workorders.quality.services.installation import install_quality
from workorders.surveys.services.installation import install_questionnaires

KIND = NIGHTLY
Work = Callable[[date, JobStep], None]


@dataclass(frozen=True)
class Step:
    """history: what a night does that is older than the state of now; None where it has nothing to do.

    waits: left out while a feed is late.
    """

    name: str
    work: Work
    history: Work | None = None
    waits: bool = False


def arrivals(as_of: date, step: JobStep) -> None:
    refresh_statistics()
    forget_names()
    found = checks.check_arrivals(as_of=as_of, accepted=step.job.counts.get("accepted", []))
    step.rows = sum(arrival.rows for arrival in found)
    step.counts = {
        "held": checks.held_feeds(found),
        "arrived": {arrival.fact: arrival.rows for arrival in found},
        "late": checks.late_feeds(found),
        "far_off": {arrival.fact: list(arrival.off) for arrival in found if arrival.off},
    }


def _keep(step: JobStep, report: Any) -> None:
    step.rows, step.counts = report.rows, jobs.as_counts(report)


def roll_up(as_of: date, step: JobStep) -> None:
    step.rows = usage_rollup.roll_up_usage(as_of=as_of)


def roll_up_to_now(as_of: date, step: JobStep) -> None:
    """The months are those of now: days after an older night stay in them."""
    step.rows = usage_rollup.roll_up_usage(as_of=clock.yesterday())


def plan_fit(as_of: date, step: JobStep) -> None:
    """Before the profile, which takes it up with the other facts."""
    step.rows = rate_base(as_of=as_of)


def circles(as_of: date, step: JobStep) -> None:
    """Before the profile, for the same reason."""
    _keep(step, record_circles(as_of=as_of))


def profile(as_of: date, step: JobStep) -> None:
    step.rows = build_profile(as_of=as_of, force=step.job.counts.get("facts_came_late", False))


def snapshot(as_of: date, step: JobStep) -> None:
    """The month end's, and those of month ends on which no night ran."""
    made_up = make_up_snapshots(before=as_of, waiting=awaited_nights(before=as_of))
    step.rows = sum(made_up.values()) + (take_snapshot(as_of=as_of) if is_month_end(as_of) else 0)
    step.counts = {"made_up": {str(end): rows for end, rows in made_up.items()}} if made_up else {}


def past_snapshot(as_of: date, step: JobStep) -> None:
    step.rows = build_snapshot(as_of=as_of) if is_month_end(as_of) else 0


def shipped(as_of: date, step: JobStep) -> None:
    """Install the rows that ship, once; later changes by people are kept. Count how customers answered to offers."""
    install_order_types()
    install_pause_codes()
    install_skills()
    install_calendars()
    install_quality()
    install_questionnaires(now=clock.now())
    new = install_scenarios() + install_care() + install_offers(on=as_of) + install_templates()
    step.rows = new + install_definitions() + install_segmentations() + install_articles()
    step.rows += count_answers(until=clock.midnight(as_of + timedelta(days=1)))


def outcomes(as_of: date, step: JobStep) -> None:
    """Outcomes of past months and campaigns, once they are known: counts, predictive factors, churn rates, tests."""
    step.counts = {
        "counted": record_outcomes(as_of=as_of),
        "factors": record_factors(as_of=as_of),
        "rates": record_churn_rates(as_of=as_of),
        "tests": record_campaign_tests(as_of=as_of, now=clock.now()),
    }
    step.rows = sum(step.counts.values())


def model(as_of: date, step: JobStep) -> None:
    _keep(step, churn.ensure_model(as_of=as_of))


def score(as_of: date, step: JobStep) -> None:
    _keep(step, churn.score(as_of=as_of))


def uplift(as_of: date, step: JobStep) -> None:
    """Whom a contact helps: learnt anew when another campaign is measured, and asked of every line."""
    held = ensure_uplift(as_of=as_of, now=clock.now())
    step.rows = score_uplift(as_of=as_of)
    step.counts = {"contest": held.state} if held else {}


def watch(as_of: date, step: JobStep) -> None:
    _keep(step, record_monitoring(as_of=as_of))


def groups(as_of: date, step: JobStep) -> None:
    _keep(step, record_groups(as_of=as_of))


def segments(as_of: date, step: JobStep) -> None:
    """Where every line stands in the matrix of its type, and at month ends how lines have moved."""
    _keep(step, record_segments(as_of=as_of))


def distributions(as_of: date, step: JobStep) -> None:
    """How the values of every field spread, for the pages of the field catalogue."""
    step.rows = record_distributions(as_of=as_of)


def past_segments(as_of: date, step: JobStep) -> None:
    _keep(step, record_segments(as_of=as_of, history_only=True))


def cohorts(as_of: date, step: JobStep) -> None:
    """What is kept of the frozen bases at the month ends that were not measured yet."""
    _keep(step, measure_cohorts(as_of=as_of))


def warning_list(as_of: date, step: JobStep) -> None:
    """On the night of a month end, the list of the first of the next month; of earlier lists, their results.

    Where that night was held or did not run, the first one after it that has scores makes the list up.
    """
    step.rows = freeze_list(as_of=as_of, now=clock.now(), dated=list_owed(as_of=as_of)).rows
    step.counts = {"frozen": step.rows, "judged": count_results(as_of=as_of)}


def scenarios(as_of: date, step: JobStep) -> None:
    assign_universal_holdout(on=as_of)
    report = run_scenarios(as_of=as_of, now=clock.now(), held=held_of(step.job) | unscored(step.job))
    step.rows, step.counts = report.found, jobs.as_counts(report)


def orders(as_of: date, step: JobStep) -> None:
    report = open_from_hits(as_of=as_of, now=clock.now())
    step.rows, step.counts = report.opened, jobs.as_counts(report)


def messages(as_of: date, step: JobStep) -> None:
    """After the orders: a customer who is called is not written to as well."""
    report = queue_from_hits(as_of=as_of, now=clock.now())
    step.rows, step.counts = report.queued, jobs.as_counts(report)


def backtests(as_of: date, step: JobStep) -> None:
    """What scenarios would have found at the last month ends, as far as it is not counted yet."""
    step.rows = record_backtests(as_of=as_of)


def close_out(as_of: date, step: JobStep) -> None:
    """Orders that end by themselves, and campaigns that do harm."""
    now = clock.now()
    step.rows = auto_close_orders(as_of=as_of, now=now) + pause_harmful(as_of=as_of, now=now)


def kpis(as_of: date, step: JobStep) -> None:
    """The night's, and those of month ends on which no night ran."""
    made_up = make_up_kpis(before=as_of)
    step.rows = record_kpis(as_of=as_of, held=held_of(step.job))
    step.counts = {"made_up": {str(end): rows for end, rows in made_up.items()}} if made_up else {}


def past_kpis(as_of: date, step: JobStep) -> None:
    step.rows = record_kpis(as_of=as_of, historic_only=True, held=held_of(step.job))


HISTORY: dict[Work, Work] = {
    arrivals: arrivals, roll_up: roll_up_to_now, snapshot: past_snapshot, outcomes: outcomes, segments: past_segments,
    cohorts: cohorts, kpis: past_kpis,
}  # fmt: skip
WAITING: set[Work] = {plan_fit, snapshot, model, score, uplift, groups, segments, cohorts}
STEPS = tuple(
    Step(work.__name__, work, HISTORY.get(work), work in WAITING)
    for work in (
        arrivals, roll_up, plan_fit, circles, profile, snapshot, shipped, outcomes, model, score, uplift, watch,
        groups, segments, cohorts, distributions, warning_list, scenarios, orders, messages, backtests, close_out, kpis,
    )
)  # fmt: skip


def unscored(job: Job) -> dict[str, str]:
    """Scores are a fact that scenarios wait for, too; the reason is that there is no model, where that is so."""
    missing = _counts(job, score).get("missing")
    return {"risk": _counts(job, model).get("missing", missing)} if missing else {}


def held_of(job: Job) -> dict[str, str]:
    held: dict[str, str] = _counts(job, arrivals).get("held", {})
    return held


def late_of(job: Job) -> dict[str, str]:
    late: dict[str, str] = _counts(job, arrivals).get("late", {})
    return late


def _counts(job: Job, work: Work) -> dict:
    step = job.steps.filter(name=work.__name__).first()
    return step.counts if step else {}
