"""Tables are emptied after a test with transactions of its own by deleting the few rows that it made.

Django truncates all of some two hundred tables, which makes a file anew for each of them and their indexes, and then
writes content types and permissions again: half a second, or more on a busy disk. Deleting takes a twentieth of it.
"""

from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone

from customers.profile.models import SubscriberProfile
from retention.core.audit.models import AuditEntry
from retention.core.restores.models import KnownCluster
from retention.core.restores.services import know_server

# The same before and after every test, so they are left; the row that allows sending is set right.
LEFT = {"django_content_type", "auth_permission", KnownCluster._meta.db_table}
TRAIL = AuditEntry._meta.db_table  # refuses DELETE
MANY = 1000  # rows of a table from which on the checks of its foreign keys cost more than truncating
ROUNDS = 3  # triggers may write rows about what is deleted

_KNOWN = """
SELECT s.attname, format_type(a.atttypid, a.atttypmod) FROM pg_stats s
JOIN pg_attribute a ON a.attrelid = s.tablename::regclass AND a.attname = s.attname
WHERE s.schemaname = current_schema() AND s.tablename = %s AND s.most_common_vals IS NOT NULL
"""

truncate_all = TransactionTestCase._fixture_teardown


def empty(case: TransactionTestCase) -> None:
    """In place of TransactionTestCase._fixture_teardown, which does it when rows are many or refuse to be deleted."""
    if case.available_apps is not None or case.serialized_rollback or not delete_rows():
        truncate_all(case)
    forget_common_values()


def forget_common_values() -> None:
    """The common values of the profile, which rules know from its statistics: they outlive the rows. A column that is
    given its type has no statistics."""
    table = SubscriberProfile._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [table])
        columns = [f"ALTER COLUMN {connection.ops.quote_name(name)} TYPE {kind}" for name, kind in cursor.fetchall()]
        if columns:
            cursor.execute(f"ALTER TABLE {table} {', '.join(columns)}")


def delete_rows() -> bool:
    """Whether all tables are empty."""
    for _round in range(ROUNDS):
        found = counts()
        if not found:
            know_server(now=timezone.now())
            return True
        if max(found.values()) >= MANY:
            return False
        statements = [f"DELETE FROM {connection.ops.quote_name(name)}" for name in found if name != TRAIL]
        if TRAIL in found:
            statements += connection.ops.sql_flush(no_style(), [TRAIL])
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(";".join(statements))
        except DatabaseError:  # a row that refuses
            return False
    return False


def counts() -> dict[str, int]:
    """How many rows the tables have, at most MANY, of those that have some."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    each = (
        f"SELECT '{name}', (SELECT count(*) FROM (SELECT FROM {connection.ops.quote_name(name)} LIMIT {MANY}) AS found)"
        for name in names
        if name not in LEFT
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {name: rows for name, rows in cursor.fetchall() if rows}
