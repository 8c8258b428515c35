from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """Django's own, which waits for a lock MIGRATION_LOCK_TIMEOUT at most.

    A statement that waits for a lock on a table makes all later ones on that table wait behind it: a long report would
    stop the centre. The migration fails instead, changes nothing (or keeps its finished steps, where it is not atomic)
    and is run again.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [settings.MIGRATION_LOCK_TIMEOUT])
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
