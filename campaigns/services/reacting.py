"""Event scenarios: which status events somebody listens to, and whom that finds. One statement for each scenario."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import EventReaction, Scenario, ScenarioHit
from campaigns.rules import Group, as_q, fields_of, parse
from campaigns.services.event_sql import REACT
from campaigns.services.finding import evidence_of, named, with_names
from customers.models import SubscriberProfile
from retention.core.errors import Invalid
from retention.core.models import Branch

log = structlog.get_logger("campaigns.events")
WINDOW = timedelta(hours=24)
Result = EventReaction.Result


def react_to_events(*, now: datetime) -> dict[str, int]:
    """Let every event scenario look at the events of the last 24 hours that it has not seen; each is looked at once.

    Returns how many ended as "hit", "passed" (the rule does not hold), "resting" and "capped". The hits wait to be
    opened. May run any number of times and at once: each scenario is one transaction under its own lock.
    """
    totals = dict.fromkeys(Result.values, 0)
    for pk in Scenario.objects.on_events().values_list("pk", flat=True):
        for result, count in _react(pk, now).items():
            totals[result] += count
    return totals


@transaction.atomic
def _react(scenario_id: int, now: datetime) -> dict[str, int]:
    scenario = Scenario.objects.select_for_update(no_key=True).get(pk=scenario_id)
    if not scenario.event_kinds:
        return {}
    try:
        tree = parse(scenario.rule)
    except Invalid as problem:  # e.g. an own field was withdrawn; its events wait until a manager repairs the rule
        log.warning("event scenario is broken", code=scenario.code, why=str(problem.message))
        return {}
    rule, rule_params = _condition(tree)
    evidence, evidence_params = named(evidence_of(tree), "evidence")
    params = _settings(scenario, tree, now) | rule_params | evidence_params
    with connection.cursor() as cursor:
        cursor.execute(REACT.format(rule=rule, evidence=evidence), params)
        found = dict(cursor.fetchall())
    if found:
        log.info("event scenario", code=scenario.code, **found)
    return found


def _condition(tree: Group) -> tuple[str, dict[str, Any]]:
    """The rule as a condition over the profile under its alias `p`, with its parameters by name."""
    query = SubscriberProfile.objects.filter(as_q(tree)).query
    try:
        sql, params = query.where.as_sql(query.get_compiler(connection=connection), connection)
    except FullResultSet:
        return "true", {}
    except EmptyResultSet:
        return "false", {}
    text, by_name = with_names(sql, params, "rule")
    return f"({text})".replace(f'"{SubscriberProfile._meta.db_table}".', "p."), by_name


def _settings(scenario: Scenario, tree: Group, now: datetime) -> dict[str, Any]:
    on = timezone.localtime(now).date()
    waits = scenario.action != Scenario.Action.REPORT_ONLY
    branches = Branch.objects.under(scenario.branch).values_list("pk", flat=True) if scenario.branch else None
    found_today = ScenarioHit.objects.filter(scenario=scenario, on=on).count() if scenario.daily_cap else 0
    return {
        "scenario": scenario.pk,
        "kinds": scenario.event_kinds,
        "since": now - WINDOW,
        "now": now,
        "on": on,
        "version": scenario.version,
        "state": ScenarioHit.State.PENDING if waits else ScenarioHit.State.REPORTED,
        "rest": scenario.cooldown_days,
        "by_risk": any(field.is_risk for field in fields_of(tree)),
        "branches": list(branches) if branches is not None else None,
        "left": scenario.daily_cap - found_today if scenario.daily_cap else None,
    }
