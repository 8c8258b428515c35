"""A queryset as SQL text inside a longer statement, and a statement inside a queryset."""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL


def inline(queryset: QuerySet, prefix: str = "q") -> tuple[str, dict[str, Any]]:
    """The SELECT of a queryset and its parameters, named `<prefix>_0`, `<prefix>_1`, ...

    A queryset that can have no rows becomes a SELECT without rows.
    """
    sql, params = queryset.query.get_compiler(connection=connection, elide_empty=False).as_sql()
    return _name_parameters(sql, params, prefix)


def inline_condition(queryset: QuerySet, alias: str, prefix: str = "q") -> tuple[str, dict[str, Any]]:
    """The WHERE of a queryset over one table, which the statement around it calls `alias`, and its parameters.

    "true" when the queryset has no filter, "false" when it can have no rows.
    """
    query, model = queryset.query, queryset.model
    try:
        sql, params = query.where.as_sql(query.get_compiler(connection=connection), connection)
    except FullResultSet:
        return "true", {}
    except EmptyResultSet:
        return "false", {}
    text, by_name = _name_parameters(sql, params, prefix)
    return f"({text})".replace(f'"{model._meta.db_table}".', f"{alias}."), by_name


def subselect(sql: str, params: Mapping[str, Any]) -> RawSQL:
    """A SELECT with parameters by name (`%(day)s`) for `pk__in=`, since querysets count theirs."""
    named = re.compile(r"%\((\w+)\)s")
    return RawSQL(named.sub("%s", sql), [params[name] for name in named.findall(sql)])  # noqa: S611


def _name_parameters(sql: str, params: Sequence[Any], prefix: str) -> tuple[str, dict[str, Any]]:
    numbers = count()
    text = re.sub(r"%[%s]", lambda m: f"%({prefix}_{next(numbers)})s" if m.group() == "%s" else "%%", sql)
    return text, {f"{prefix}_{place}": value for place, value in enumerate(params)}
