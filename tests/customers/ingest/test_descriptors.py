"""The declarations themselves: what they say fits the tables and can be told to people and machines."""

import json

import pytest
from django.db import connection

from customers.ingest.resources import REFERRED_TO, RESOURCES
from customers.ingest.resources.base import Resource
from customers.ingest.services.upsert import stage_table, statements
from tests.customers.ingest.rows import NOW

EVERY = pytest.mark.parametrize("resource", RESOURCES.values(), ids=lambda resource: resource.name)


@EVERY
def test_a_resource_describes_itself(resource: Resource) -> None:
    told = json.loads(json.dumps(resource.describe(), default=str))
    assert told["resource"] == resource.name
    assert all(
        {"name", "label", "type", "required", "default", "reference", "schema"} == set(f) for f in told["fields"]
    )
    assert set(resource.key) <= {f["name"] for f in told["fields"] if f["required"]}


@EVERY
def test_a_key_is_unique_in_the_database(resource: Resource) -> None:
    meta = resource.model._meta
    key = {meta.get_field(f.column.removesuffix("_id") if f.reference else f.column).name for f in _key(resource)}
    unique = [set(constraint.fields) for constraint in meta.constraints if hasattr(constraint, "fields")]
    unique += [{field.name} for field in meta.fields if field.unique]
    unique += [{name.removesuffix("_id") for name in getattr(meta.pk, "field_names", ())}]
    assert key in unique


def _key(resource: Resource) -> list:
    return [resource.by_name[name] for name in resource.key]


@EVERY
def test_every_column_without_a_default_is_filled(resource: Resource) -> None:
    filled = {f.column for f in resource.fields} | set(resource.fixed) | set(resource.initial) | {"source_version"}
    stored = {field.column for field in resource.model._meta.concrete_fields if not field.primary_key or field.column}
    # Who of the staff recorded a consent is no word of billing's.
    assert stored - filled <= {"id", None, "recorded_by_id"}


@EVERY
def test_what_a_resource_refers_to_comes_before_it(resource: Resource) -> None:
    order = [*RESOURCES, "custom-fields"]
    for field in resource.references:
        target = field.reference.resource
        assert target == "custom-fields" or order.index(target) <= order.index(resource.name)
    assert REFERRED_TO - {"custom-fields"} <= set(RESOURCES)


@pytest.mark.django_db
@EVERY
def test_its_sql_is_understood_by_the_database(resource: Resource) -> None:
    sql = statements(resource)
    with connection.cursor() as cursor:
        stage_table(resource).create(cursor)
        for statement in (sql.insert, sql.missing, sql.update):
            if statement:
                cursor.execute(f"EXPLAIN {statement}", {"low": "2026-01-01", "high": "2026-01-31", "now": NOW})


@pytest.mark.django_db
@EVERY
def test_its_table_is_partitioned_when_its_model_says_so(resource: Resource) -> None:
    """Else the migration needs `PartitionedModel` (retention/core/db/partitioned_tables.py) in place of CreateModel."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relkind FROM pg_class WHERE oid = %s::regclass", [resource.table])
        assert (cursor.fetchone()[0] == "p") == (resource.partition_field is not None)
