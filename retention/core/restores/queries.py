"""Whether this database has been restored, moved or failed over since sending was last allowed. Read-only."""

from django.db import connection

from retention.core.restores.models import KnownCluster

# Read from the running server: the control file names the new timeline only after the first checkpoint.
CURRENT = """(
    SELECT system_identifier || ':' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) FROM pg_control_system()
)"""
# Closed by default: without the row nothing is sent either.
IS_RESTORED = f"NOT EXISTS (SELECT FROM {KnownCluster._meta.db_table} known WHERE known.identity = {CURRENT})"


def is_restored() -> bool:
    """True from a restore until `services.allow_sending`: nothing may be sent, no contact may be planned."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {IS_RESTORED}")
        return cursor.fetchone()[0]
