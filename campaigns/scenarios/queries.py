"""Whom a scenario finds, as CTEs of one statement, and what happened on its nights.

found     every line the rule matches
judged    one line a customer: whether that customer is resting, and whether the contact pays as far as it has to
fresh     those who are not resting and pay, the most worthwhile first (`place`)
callable  of these the first that the contact gate lets call, up to the nightly limit
taken     fresh down to the last of these: whom the gate refuses is recorded, but does not use up the limit"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import JSONObject

from campaigns.audiences.queries import EXPECTED_GAIN_ORDER, MATCH_COLUMNS, SAMPLE_LIMIT, profiles_in_order
from campaigns.audiences.rules import Group, as_q, fields_of, parse
from campaigns.audiences.rules.columns import operand
from campaigns.outreach.models import ContactPolicy, RefusalReason
from campaigns.outreach.queries import judged_requests, policy_parameters
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.db.inline import inline

RETRY_REFUSED_DAYS = 7  # a customer the gate refused is not asked about every night

_CONTACT = """(
        SELECT f.customer_id, f.subscriber_id, %(channel)s::text AS channel, %(purpose)s::text AS purpose,
               ''::text AS source, ''::text AS order_no, %(by_risk)s AS by_risk
    ) r"""
# After a restore the gate refuses everybody until the opt-outs are applied; the orders wait for that.
_ASKING = f"""
    CROSS JOIN LATERAL ({judged_requests(_CONTACT)}) gate
    WHERE gate.reason IN ('', '{RefusalReason.RESTORED}')
      AND (gate.twins = '{{}}' OR NOT EXISTS (  -- of several at one number the first gets the order
          SELECT FROM fresh e
          WHERE e.subscriber_id = ANY(gate.twins) AND e.customer_id <> f.customer_id AND e.place < f.place))
"""
_MATCHING_CTES = f"""
found AS MATERIALIZED ({{found}}),
judged AS (
    SELECT b.*, (NOT %(only_if_it_pays)s OR coalesce(b.expected_gain > 0, false)) AS pays, EXISTS (
        SELECT FROM {ScenarioHit._meta.db_table} h
        WHERE h.scenario_id = %(scenario)s AND h.customer_id = b.customer_id AND h."on" <= %(on)s
          AND (h."on" = %(on)s
               OR h.state <> '{ScenarioHit.State.REFUSED}' AND h."on" > %(on)s::date - %(rest)s
               OR h.state = '{ScenarioHit.State.REFUSED}' AND h."on" > %(on)s::date - %(rest_refused)s)
    ) AS resting
    FROM (
        SELECT DISTINCT ON (customer_id) * FROM found
        WHERE NOT (%(by_risk)s AND coalesce(profiling_opt_out, false))
        ORDER BY customer_id, {EXPECTED_GAIN_ORDER}
    ) b
),
fresh AS (
    SELECT *, row_number() OVER (ORDER BY {EXPECTED_GAIN_ORDER}) AS place FROM judged WHERE NOT resting AND pays
),
-- In the order of `place`, so that the gate is asked no further than the limit.
callable AS (
    SELECT f.place FROM (SELECT * FROM fresh ORDER BY place) f {{asking}} ORDER BY f.place LIMIT %(cap)s
),
taken AS (
    SELECT * FROM fresh
    WHERE %(cap)s::int IS NULL OR (SELECT count(*) FROM callable) < %(cap)s
       OR place <= (SELECT max(place) FROM callable)
)
"""


@dataclass(frozen=True)
class MatchingSql:
    """The CTEs (without WITH) and their parameters, to which the statement around them adds its own."""

    ctes: str
    params: dict[str, Any]


def matching_sql(
    *, scenario: Scenario, tree: Group, as_of: date, now: datetime, lines: QuerySet[SubscriberProfile] | None = None
) -> MatchingSql:
    """`tree` is the scenario's rule, `lines` where to look (default: everywhere). A new scenario has no cooldowns.

    now: of the contact gate, which only a scenario that opens orders asks.
    """
    lines = SubscriberProfile.objects.all() if lines is None else lines
    lines = lines.filter(as_q(tree), as_of=as_of)
    if scenario.branch is not None:
        lines = lines.filter(branch__in=Branch.objects.under(scenario.branch).values("pk"))
    sql, params = inline(lines.values(*MATCH_COLUMNS), "rule")
    settings = {
        "scenario": scenario.pk or 0,
        "on": as_of,
        "by_risk": any(field.is_risk for field in fields_of(tree)),
        "rest": scenario.cooldown_days,
        "rest_refused": min(scenario.cooldown_days, RETRY_REFUSED_DAYS),
        "only_if_it_pays": scenario.only_if_it_pays,
        "cap": scenario.daily_cap,
        "channel": scenario.channel,
        "purpose": scenario.purpose,
    }
    gate = policy_parameters(now, ContactPolicy.objects.current(), reserving=True)
    asking = "" if scenario.action == Scenario.Action.REPORT_ONLY else _ASKING
    return MatchingSql(_MATCHING_CTES.format(found=sql, asking=asking), params | settings | gate)


def evidence_query(tree: Group) -> QuerySet:
    """subscriber_id and the values of the rule's fields, as JSON."""
    values = {field.key: operand(field) for field in fields_of(tree)}
    return SubscriberProfile.objects.annotate(evidence=JSONObject(**values)).values("subscriber_id", "evidence")


_DRY_RUN_SQL = """
WITH {ctes}
SELECT (SELECT count(*) FROM found),
       (SELECT count(DISTINCT customer_id) FROM found),
       (SELECT count(DISTINCT customer_id) FROM found) - (SELECT count(*) FROM judged),
       (SELECT count(*) FROM judged WHERE resting),
       (SELECT count(*) FROM judged WHERE NOT resting AND NOT pays),
       (SELECT count(*) FROM taken) - (SELECT count(*) FROM callable),
       (SELECT count(*) FROM fresh) - (SELECT count(*) FROM taken),
       (SELECT count(*) FROM callable),
       (SELECT array(SELECT subscriber_id FROM fresh JOIN callable USING (place) ORDER BY place LIMIT {samples}))
"""


@dataclass(frozen=True)
class DryRun:
    """Dry run: the scenario's results on the night of `as_of`. found: lines; the others: customers.

    Each customer is in one of opted_out, cooled, unpaying, refused (by the contact gate), capped and new. new: with an
    order of their own, or merged into that of a more urgent scenario; only reported where the scenario opens none.
    """

    as_of: date
    found: int = 0
    customers: int = 0
    opted_out: int = 0
    cooled: int = 0
    unpaying: int = 0
    refused: int = 0
    capped: int = 0
    new: int = 0
    samples: list[SubscriberProfile] = field(default_factory=list)


def dry_run(*, scenario: Scenario, user: User, now: datetime, rule: object = None) -> DryRun | None:
    """Play the scenario (saved or not; with `rule` in place of its own) on the profile as it stands, and write nothing.

    Counts only lines `user` may see. None while there is no profile. Raises Invalid.
    """
    tree = parse(scenario.rule if rule is None else rule)
    as_of = SubscriberProfile.objects.values_list("as_of", flat=True).first()
    if as_of is None:
        return None
    visible = SubscriberProfile.objects.visible_to(user)
    part = matching_sql(scenario=scenario, tree=tree, as_of=as_of, now=now, lines=visible)
    with connection.cursor() as cursor:
        cursor.execute(_DRY_RUN_SQL.format(ctes=part.ctes, samples=SAMPLE_LIMIT), part.params)
        *counts, ids = cursor.fetchone()
    names = ("found", "customers", "opted_out", "cooled", "unpaying", "refused", "capped", "new")
    found: dict[str, Any] = {name: value or 0 for name, value in zip(names, counts, strict=True)}
    return DryRun(as_of, **found, samples=profiles_in_order(ids))


WINDOW_NIGHTS = 30
State = ScenarioHit.State


@dataclass
class Night:
    """found is of lines, the rest of customers; held: why the scenario did not run."""

    on: date
    found: int = 0
    new: int = 0
    opened: int = 0
    refused: int = 0
    reported: int = 0
    waiting: int = 0
    held: str = ""


@dataclass
class Nights:
    """One scenario's nights up to `until`, oldest first; nights on which it did not run are missing."""

    until: date
    nights: list[Night] = field(default_factory=list)

    @property
    def last(self) -> Night | None:
        return self.nights[-1] if self.nights else None

    @property
    def trend(self) -> list[int | None]:
        """New hits by night over the whole window; None where it did not run."""
        new = {night.on: night.new for night in self.nights if not night.held}
        return [new.get(self.until - timedelta(days=back)) for back in reversed(range(WINDOW_NIGHTS))]

    def total(self, what: str) -> int:
        return sum(getattr(night, what) for night in self.nights)


def nights_of(*, scenarios: list[Scenario], user: User, until: date) -> dict[int, Nights]:
    """{scenario id: its nights of the last NIGHTS days}. Three queries, however many scenarios."""
    window = {"scenario__in": scenarios, "on__range": (until - timedelta(days=WINDOW_NIGHTS - 1), until)}
    seen = _visible_branches(user)
    nights: dict[tuple[int, date], Night] = {}
    result = {scenario.pk: Nights(until) for scenario in scenarios}
    runs = ScenarioRun.objects.filter(**window).order_by("on")
    for run in runs.only("scenario_id", "on", "found", "found_by_branch", "held_because"):
        night = Night(run.on, found=_visible_found(run, seen), held=run.held_because)
        nights[run.scenario_id, run.on] = night
        result[run.scenario_id].nights.append(night)
    for row in _count_hits(window, user):
        ran = nights.get((row["scenario_id"], row["on"]))
        if ran:
            vars(ran).update({name: row[name] for name in HIT_COUNTS})
    return result


def count_outcomes(*, scenario: Scenario, user: User, until: date) -> list[tuple[str, str, int]]:
    """(state, reason, hits) of the window, the most frequent first: how the scenario's hits ended."""
    hits = ScenarioHit.objects.visible_to(user).filter(
        scenario=scenario, on__range=(until - timedelta(days=WINDOW_NIGHTS - 1), until)
    )
    return list(hits.values_list("state", "reason").annotate(n=Count("pk")).order_by("-n", "state", "reason"))


HIT_COUNTS = {
    "new": Count("pk"),
    "opened": Count("pk", filter=Q(state=State.OPENED)),
    "refused": Count("pk", filter=Q(state=State.REFUSED)),
    "reported": Count("pk", filter=Q(state=State.REPORTED)),
    "waiting": Count("pk", filter=Q(state__in=[State.PENDING, State.HELD])),
}


def _count_hits(window: dict, user: User) -> list[Mapping[str, Any]]:
    hits = ScenarioHit.objects.visible_to(user).filter(**window)
    return list(hits.values("scenario_id", "on").annotate(**HIT_COUNTS))


def _visible_branches(user: User) -> set[str] | None:
    """Ids of the branches whose counts the person may see, as the runs keep them; None for all."""
    if user.role == Role.ADMINISTRATOR:
        return None
    return {str(pk) for pk in Branch.objects.visible_to(user).values_list("pk", flat=True)}


def _visible_found(run: ScenarioRun, seen: set[str] | None) -> int:
    if seen is None:
        return run.found
    return sum(found for branch, found in run.found_by_branch.items() if branch in seen)
