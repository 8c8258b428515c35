"""What a scenario would do tonight. Nothing is written."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from campaigns.audiences.queries import SAMPLE_LIMIT, profiles_in_order
from campaigns.audiences.rules import parse
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries.matching import matching_sql
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User

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
