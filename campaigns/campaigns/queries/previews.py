"""Live figures of an audience while it is being written: lines, customers, examples, and who else is after them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from campaigns.audiences.overlaps import Other, others_of
from campaigns.audiences.queries import (
    EXPECTED_GAIN_ORDER,
    MATCH_COLUMNS,
    SAMPLE_LIMIT,
    profiles_in_order,
)
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.queries.audiences import audience_lines, in_scope
from campaigns.campaigns.queries.drawing import drawing_sql
from customers.profile.models import ProfileQuerySet, SubscriberProfile
from retention.core.accounts.models import User
from retention.core.db.inline import inline

_DETAILS = f"""
WITH found AS MATERIALIZED ({{found}})
SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM (SELECT DISTINCT customer_id FROM found) customers),
       (SELECT array(SELECT subscriber_id FROM found ORDER BY {EXPECTED_GAIN_ORDER} LIMIT {SAMPLE_LIMIT}))
"""
_SIZE = "WITH {ctes} SELECT count(*), avg(risk_probability) FROM drawn"


@dataclass(frozen=True)
class AudienceDetails:
    """customers of the lines; base: all lines of the same branches, and the share of it that was found; samples:
    profiles, highest expected gain first; others: who else is after the lines, see others_of."""

    customers: int
    share: float
    base: int
    samples: list[SubscriberProfile]
    others: list[tuple[Other, int]]


def count_audience(campaign: Campaign, *, user: User) -> int:
    """Lines that `user` may see. One plain count: all that is asked while somebody types. Raises Invalid."""
    return _found(campaign, user).count()


def detail_audience(campaign: Campaign, *, user: User) -> AudienceDetails:
    """Of the same lines; takes several times as long as the count. Raises Invalid."""
    found = _found(campaign, user)
    sql, params = inline(found.values(*MATCH_COLUMNS), "audience")
    with connection.cursor() as cursor:
        cursor.execute(_DETAILS.format(found=sql), params)
        lines, customers, ids = cursor.fetchone()
    base = in_scope(campaign, found.model.objects.visible_to(user)).count()
    samples = profiles_in_order(ids, table=found.model)
    return AudienceDetails(customers, lines / base if base else 0.0, base, samples, overlaps_of(campaign, user=user))


def overlaps_of(campaign: Campaign, *, user: User) -> list[tuple[Other, int]]:
    """Who else is after the lines of the audience, see others_of."""
    return others_of(in_scope(campaign, audience_lines(campaign)), user=user, code=campaign.code)


def _found(campaign: Campaign, user: User) -> ProfileQuerySet:
    return in_scope(campaign, audience_lines(campaign).visible_to(user))


def audience_size(campaign: Campaign, *, now: datetime) -> tuple[int, float | None]:
    """(customers of both arms, their mean probability to leave; None without scores), without asking the gate."""
    as_of = SubscriberProfile.objects.newest_date()
    if as_of is None:
        return 0, None
    part = drawing_sql(campaign, as_of=as_of, on=timezone.localtime(now).date())
    with connection.cursor() as cursor:
        cursor.execute(_SIZE.format(ctes=part.ctes), part.params)
        count, rate = cursor.fetchone()
    return count, rate
