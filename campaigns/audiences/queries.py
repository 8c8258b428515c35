"""Current matches of a rule: counts over the lines visible to a user, and samples."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

from campaigns.audiences.rules import Group, RuleField, as_q, parse, profiles_of
from campaigns.audiences.rules.columns import operand
from customers.profile.models import ProfileQuerySet, SubscriberProfile
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
    visible = lines_of(user, branch, table=table)
    sql, params = inline(visible.filter(as_q(tree)).values(*MATCH_COLUMNS), "rule")
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW_SQL.format(found=sql, worth=EXPECTED_GAIN_ORDER, samples=SAMPLE_LIMIT), params)
        found, ids = cursor.fetchone()
    return Preview(found=found, base=visible.count(), samples=profiles_in_order(ids, table=table))


def lines_of(
    user: User, branch: Branch | None, *, table: type[SubscriberProfile] = SubscriberProfile
) -> ProfileQuerySet:
    """The lines of `branch` and below (None: everywhere) that `user` may see."""
    visible = table.objects.visible_to(user)
    return visible if branch is None else visible.filter(branch__in=Branch.objects.under(branch).values("pk"))


def count_conditions(conditions: Mapping[str, Q], lines: ProfileQuerySet) -> list[dict[str, int]]:
    """For each condition by key, in order: for how many lines it holds `alone`, and how many are `left` by it and those
    before it. One pass; each condition is judged once a line.
    """
    if not conditions:
        return []
    asked = {key: ExpressionWrapper(condition, output_field=BooleanField()) for key, condition in conditions.items()}
    sql, params = inline(lines.values(**asked), "line")
    counts = []
    for place, key in enumerate(conditions, 1):
        before = " AND ".join(f'"{one}"' for one in list(conditions)[:place])
        counts += [f'count(*) FILTER (WHERE "{key}")', f"count(*) FILTER (WHERE {before})"]
    with connection.cursor() as cursor:
        # OFFSET: without it every count would judge its conditions anew. The keys are places in the tree, made here.
        cursor.execute(f"SELECT {', '.join(counts)} FROM ({sql} OFFSET 0) judged", params)  # noqa: S608
        row = cursor.fetchone()
    return [{"alone": alone, "left": left} for alone, left in zip(row[::2], row[1::2], strict=True)]


def membership_values(samples: Sequence[SubscriberProfile], fields: Iterable[RuleField]) -> dict[int, dict[str, Any]]:
    """{line: {field key: what other tables hold of it}} of the memberships among `fields`. At most one query."""
    asked = {field.key: operand(field) for field in fields if field.membership}
    if not asked:
        return {}
    lines = SubscriberProfile.objects.filter(pk__in=[one.pk for one in samples]).annotate(**asked)
    return {pk: dict(zip(asked, values, strict=True)) for pk, *values in lines.values_list("pk", *asked)}


def profiles_in_order(ids: list[int], *, table: type[SubscriberProfile] = SubscriberProfile) -> list[SubscriberProfile]:
    """Profiles with their subscriber and customer, in the order of `ids`. One query."""
    lines = table.objects.filter(pk__in=ids).select_related("subscriber__account__customer")
    by_id = {profile.pk: profile for profile in lines}
    return [by_id[pk] for pk in ids]
