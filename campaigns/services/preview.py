"""What a rule would find now: counts of what the asking person may see, and a few lines to look at."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from campaigns.models import Scenario
from campaigns.rules import Group, as_q, parse
from campaigns.services.finding import COLUMNS, WORTH, finding, named
from customers.models import SubscriberProfile
from retention.core.models import User

SAMPLES = 10
_LOOK = """
WITH found AS MATERIALIZED ({found})
SELECT (SELECT count(*) FROM found), (SELECT array(SELECT subscriber_id FROM found ORDER BY {worth} LIMIT {samples}))
"""
_PLAY = """
WITH {ctes}
SELECT (SELECT count(*) FROM found),
       (SELECT count(DISTINCT customer_id) FROM found),
       (SELECT count(DISTINCT customer_id) FROM found) - (SELECT count(*) FROM judged),
       (SELECT count(*) FROM judged WHERE resting),
       (SELECT greatest(count(*) - %(cap)s, 0) FROM fresh),
       (SELECT least(count(*), %(cap)s) FROM fresh),
       (SELECT array(SELECT subscriber_id FROM fresh ORDER BY place LIMIT {samples}))
"""


@dataclass(frozen=True)
class Preview:
    """found of base lines; samples: profiles with their subscriber, the most worthwhile first."""

    found: int
    base: int
    samples: list[SubscriberProfile]

    @property
    def share(self) -> float | None:
        return self.found / self.base if self.base else None


@dataclass(frozen=True)
class DryRun:
    """What the scenario would do on the night of `as_of`, up to the contact gate."""

    as_of: date
    found: int = 0
    customers: int = 0
    opted_out: int = 0
    cooled: int = 0
    capped: int = 0
    new: int = 0
    samples: list[SubscriberProfile] = field(default_factory=list)


def preview(*, rule: object | Group, user: User) -> Preview:
    """Count a rule over the lines `user` may see, in one pass over the profile. Raises Invalid."""
    visible = SubscriberProfile.objects.visible_to(user)
    sql, params = named(visible.filter(as_q(rule)).values(*COLUMNS), "rule")
    with connection.cursor() as cursor:
        cursor.execute(_LOOK.format(found=sql, worth=WORTH, samples=SAMPLES), params)
        found, ids = cursor.fetchone()
    return Preview(found=found, base=visible.count(), samples=_in_order(ids))


def dry_run(*, scenario: Scenario, user: User, rule: object = None) -> DryRun | None:
    """Play the scenario (saved or not; with `rule` in place of its own) on the profile as it stands, and write nothing.

    Counts only lines `user` may see. None while there is no profile. Raises Invalid.
    """
    tree = parse(scenario.rule if rule is None else rule)
    as_of = SubscriberProfile.objects.values_list("as_of", flat=True).first()
    if as_of is None:
        return None
    part = finding(scenario=scenario, tree=tree, as_of=as_of, lines=SubscriberProfile.objects.visible_to(user))
    with connection.cursor() as cursor:
        cursor.execute(_PLAY.format(ctes=part.ctes, samples=SAMPLES), part.params | {"cap": scenario.daily_cap})
        *counts, ids = cursor.fetchone()
    names = ("found", "customers", "opted_out", "cooled", "capped", "new")
    found: dict[str, Any] = {name: value or 0 for name, value in zip(names, counts, strict=True)}
    return DryRun(as_of, **found, samples=_in_order(ids))


def _in_order(ids: list[int]) -> list[SubscriberProfile]:
    """Profiles with their subscriber and customer, in the order of `ids`. One query."""
    lines = SubscriberProfile.objects.filter(pk__in=ids).select_related("subscriber__account__customer")
    by_id = {profile.pk: profile for profile in lines}
    return [by_id[pk] for pk in ids]
