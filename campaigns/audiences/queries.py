"""Current matches of a rule: counts over the lines visible to a user, and samples."""

from dataclasses import dataclass

from django.db import connection

from campaigns.audiences.rules import Group, as_q, parse, profiles_of
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch, User
from retention.core.db.inline import inline

MATCH_COLUMNS = ("subscriber_id", "customer_id", "branch_id", "expected_gain", "arpu", "profiling_opt_out")


EXPECTED_GAIN_ORDER = "expected_gain DESC NULLS LAST, arpu DESC NULLS LAST, subscriber_id"


SAMPLE_LIMIT = 10
_PREVIEW_SQL = """
WITH found AS MATERIALIZED ({found})
SELECT (SELECT count(*) FROM found), (SELECT array(SELECT subscriber_id FROM found ORDER BY {worth} LIMIT {samples}))
"""


@dataclass(frozen=True)
class Preview:
    """found of base lines; samples: profiles with their subscriber, highest expected gain first."""

    found: int
    base: int
    samples: list[SubscriberProfile]

    @property
    def share(self) -> float | None:
        return self.found / self.base if self.base else None


def preview(*, rule: object | Group, user: User, branch: Branch | None = None) -> Preview:
    """Count a rule over the lines of `branch` and below (None: everywhere) that `user` may see, in one pass over the
    profile: what a night would find. Raises Invalid.
    """
    tree = rule if isinstance(rule, Group) else parse(rule)
    table = profiles_of(tree)
    visible = table.objects.visible_to(user)
    if branch is not None:
        visible = visible.filter(branch__in=Branch.objects.under(branch).values("pk"))
    sql, params = inline(visible.filter(as_q(tree)).values(*MATCH_COLUMNS), "rule")
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW_SQL.format(found=sql, worth=EXPECTED_GAIN_ORDER, samples=SAMPLE_LIMIT), params)
        found, ids = cursor.fetchone()
    return Preview(found=found, base=visible.count(), samples=profiles_in_order(ids, table=table))


def profiles_in_order(ids: list[int], *, table: type[SubscriberProfile] = SubscriberProfile) -> list[SubscriberProfile]:
    """Profiles with their subscriber and customer, in the order of `ids`. One query."""
    lines = table.objects.filter(pk__in=ids).select_related("subscriber__account__customer")
    by_id = {profile.pk: profile for profile in lines}
    return [by_id[pk] for pk in ids]
