"""The tables of facts as a whole: their planner statistics, and whether they reach back to a day."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from customers.facts.queries import first_facts_on
from retention.core.errors import Invalid


def refresh_statistics() -> int:
    """ANALYZE the tables of facts that were filled or much changed since the last time. Returns how many.

    A night often follows a big load more closely than autovacuum does, and plans made on empty tables take hours.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.oid::regclass::text FROM pg_class c LEFT JOIN pg_stat_user_tables t ON t.relid = c.oid
            WHERE c.relname LIKE 'customers!_%' ESCAPE '!' AND c.relkind IN ('r', 'p')
              AND (c.reltuples < 0 OR t.n_mod_since_analyze > 1000 + 0.1 * c.reltuples AND c.relkind = 'r')
            """
        )
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
    return len(tables)


def require_facts(*, as_of: date) -> None:
    """Invalid for a day before the first facts: there is nothing to judge it by."""
    first = first_facts_on()
    if first and as_of < first:
        raise Invalid(
            _("There are no facts of %(day)s: the first are of %(first)s.") % {"day": as_of, "first": first},
            code="before_facts",
            details=[{"field": "as_of"}],
        )
