"""Which columns of which tables a past profile needs as they were: read off the SQL of the catalogue.

A column that the profile reads is kept when a later fact may change it: not in tables whose facts have a date of their
own (`Fact.dated_by`), and not keys, which identify the row. No names and no phone numbers are read, so none are kept.
"""

import re
from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db import models

from customers.credit.queries import CREDIT_SQL
from customers.facts.models.base import Fact
from customers.fields import SOURCES, of_source
from customers.fields.attributes import OWN_FIELDS_SQL
from customers.fields.places import PLACE_RATES_SQL
from retention.core.accounts.models import Branch

TABLE = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?(\w+)")
COLUMN = re.compile(r"\b(\w+)\.(\w+)")


@cache
def history_columns() -> dict[type[models.Model], tuple[str, ...]]:
    """{model: the columns of which the ingest keeps what they were}, in the order of the model."""
    read: dict[str, set[str]] = {}
    for sql in _statements():
        tables = TABLE.findall(sql)  # an alias may stand for several, in different subqueries
        for alias, column in COLUMN.findall(sql):
            for table in (name for name, its_alias in tables if its_alias == alias):
                read.setdefault(table, set()).add(column)
    found = {
        model: _kept(model, read.get(model._meta.db_table, set())) for model in apps.get_models() if _changes(model)
    }
    return {model: columns for model, columns in found.items() if columns}


@cache
def history_columns_by_table() -> dict[str, tuple[str, ...]]:
    return {model._meta.db_table: columns for model, columns in history_columns().items()}


def _statements() -> Iterator[str]:
    for name, source in SOURCES.items():
        yield source.sql.replace("{columns}", ", ".join([*source.keys, *(field.sql for field in of_source(name))]))
    yield CREDIT_SQL
    yield OWN_FIELDS_SQL
    yield PLACE_RATES_SQL


def _changes(model: type[models.Model]) -> bool:
    return model is Branch or issubclass(model, Fact) and not model.dated_by


def _kept(model: type[models.Model], read: set[str]) -> tuple[str, ...]:
    keys = {name for one in model._meta.constraints if isinstance(one, models.UniqueConstraint) for name in one.fields}
    return tuple(
        field.column
        for field in model._meta.local_concrete_fields
        if field.column in read and not field.unique and field.name not in keys
    )
