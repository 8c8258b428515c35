"""Rows that a client may see, and counting them for X-Total-Count.

Up to MAX_EXACT_COUNT rows are counted; beyond, the planner's estimate is given and marked as one. Counting a million
rows of an index takes about a tenth of a second, counting ninety million days of usage takes many."""

import json
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from customers.facts.models import Customer, Subscriber
from retention.core.accounts.roles import Role
from retention.core.api.models import ApiClient
from retention.core.db.inline import inline


def rows_of_visible_lines(rows: QuerySet, client: ApiClient) -> QuerySet:
    """Rows of a model with a `subscriber`. A client without a branch sees all, so nothing is joined for it."""
    if client.role == Role.ADMINISTRATOR:
        return rows
    return rows.filter(subscriber__in=Subscriber.objects.visible_to(client))


def visible_customers(client: ApiClient) -> QuerySet[Customer]:
    """Customers with at least one line that the client may see."""
    if client.role == Role.ADMINISTRATOR:
        return Customer.objects.all()
    return Customer.objects.filter(pk__in=Subscriber.objects.visible_to(client).values("account__customer"))


def is_nullable(model: type[Model], lookup: str) -> bool:
    """Whether the column at the end of a lookup ("account__account_no") may be empty."""
    *relations, name = lookup.split("__")
    options: Any = model._meta
    for relation in relations:
        options = options.get_field(relation).related_model._meta
    return options.get_field(name).null


MAX_EXACT_COUNT = 1_500_000


def count_rows(queryset: QuerySet) -> tuple[int, bool]:
    """(how many rows, whether that is exact)."""
    counted = queryset.order_by().values("pk")[: MAX_EXACT_COUNT + 1].count()
    if counted <= MAX_EXACT_COUNT:
        return counted, True
    return max(MAX_EXACT_COUNT + 1, _estimated(queryset)), False


def _estimated(queryset: QuerySet) -> int:
    sql, params = inline(queryset.order_by().values("pk"))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    return int((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"])
