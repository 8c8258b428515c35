"""Live figures of an audience while it is being written: lines, customers, examples, and who else is after them."""

from dataclasses import dataclass, field
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
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User
from retention.core.db.inline import inline

_PREVIEW = f"""
WITH found AS MATERIALIZED ({{found}})
SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM (SELECT DISTINCT customer_id FROM found) customers),
       (SELECT array(SELECT subscriber_id FROM found ORDER BY {EXPECTED_GAIN_ORDER} LIMIT {SAMPLE_LIMIT}))
"""
_SIZE = "WITH {ctes} SELECT count(*), avg(risk_probability) FROM drawn"


@dataclass(frozen=True)
class AudiencePreview:
    """lines of base, customers of these; samples: profiles, highest expected gain first."""

    lines: int = 0
    customers: int = 0
    base: int = 0
    samples: list[SubscriberProfile] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        return self.lines / self.base if self.base else None


def preview_audience(campaign: Campaign, *, user: User) -> AudiencePreview:
    """Of the lines that `user` may see, in one pass over the profile. Raises Invalid."""
    lines = audience_lines(campaign)
    visible = in_scope(campaign, lines.model.objects.visible_to(user))
    found = in_scope(campaign, lines.filter(pk__in=visible.values("pk")) if user.branch_id else lines)
    sql, params = inline(found.values(*MATCH_COLUMNS), "audience")
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW.format(found=sql), params)
        count, customers, ids = cursor.fetchone()
    return AudiencePreview(count, customers, visible.count(), profiles_in_order(ids, table=lines.model))


def overlaps_of(campaign: Campaign, *, user: User) -> list[tuple[Other, int]]:
    """Who else is after the lines of the audience, see others_of."""
    return others_of(in_scope(campaign, audience_lines(campaign)), user=user, code=campaign.code)


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
