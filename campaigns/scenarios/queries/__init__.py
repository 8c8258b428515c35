"""Whom a scenario finds (`matching`), what it would do tonight (`dry_runs`), what came of its nights (`nights`), and
both as the way from those found to those contacted (`funnels`)."""

from campaigns.scenarios.queries.dry_runs import DryRun, dry_run
from campaigns.scenarios.queries.funnels import Funnel, night_funnels
from campaigns.scenarios.queries.matching import evidence_query, matching_sql
from campaigns.scenarios.queries.nights import Night, Nights, count_outcomes, nights_of

__all__ = [
    "DryRun",
    "Funnel",
    "Night",
    "Nights",
    "count_outcomes",
    "dry_run",
    "evidence_query",
    "matching_sql",
    "night_funnels",
    "nights_of",
]
