"""Values to choose from where any text is allowed: the most common ones, which PostgreSQL keeps with its statistics."""

from collections.abc import Iterable

from django.db import connection

from campaigns.rules import RuleField, Type
from customers.models import Plan, Policy, SubscriberProfile
from retention.core.models import Branch

LIMIT = 200


def suggestions(fields: Iterable[RuleField]) -> dict[str, list[tuple[str, str]]]:
    """{field key: [(value, what it means)]} for the free-text columns of `fields`; empty before the first ANALYZE."""
    free = sorted({one.key for one in fields if one.type == Type.CHOICE and not one.choices})
    if not free:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, most_common_vals::text::text[] FROM pg_stats"
            " WHERE schemaname = current_schema() AND tablename = %s AND attname = ANY(%s)",
            [SubscriberProfile._meta.db_table, free],
        )
        common = {key: sorted(values or [])[:LIMIT] for key, values in cursor.fetchall()}
    return {key: _named(key, values) for key, values in common.items()}


def _named(key: str, values: list[str]) -> list[tuple[str, str]]:
    names = {
        "plan_code": Plan.objects,
        "contract_policy": Policy.objects,
        "branch_code": Branch.objects,
        "city": Branch.objects,
        "district": Branch.objects,
    }.get(key)
    known = dict(names.filter(code__in=values).values_list("code", "name")) if names else {}
    return [(value, known.get(value, "")) for value in values]
