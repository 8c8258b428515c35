"""Whom a scenario finds (`matching`), what it would do tonight (`dry_runs`), and what came of its nights (`nights`)."""

from campaigns.scenarios.queries.dry_runs import DryRun, dry_run
from campaigns.scenarios.queries.matching import evidence_query, matching_sql
from campaigns.scenarios.queries.nights import Night, Nights, count_outcomes, nights_of

__all__ = ["DryRun", "Night", "Nights", "count_outcomes", "dry_run", "evidence_query", "matching_sql", "nights_of"]
