#!/usr/bin/env python
import os
import sys

from django.core.management import BaseCommand, ManagementUtility

from retention import loading

# These need no database. Every other command finds the embedded servers running when no address of others is given.
WITHOUT_SERVERS = {
    "check",
    "check_migrations",
    "check_translations",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "health",
    "help",
    "launch",
    "makemessages",
    "makemigrations",
    "services",
    "version",
}


class Utility(ManagementUtility):
    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        loading.end()
        return command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retention.settings")
    loading.begin()
    if needs_servers(sys.argv[1:]):
        start_servers()
    from django.db import InterfaceError, OperationalError

    try:
        Utility(sys.argv).execute()
    except (InterfaceError, OperationalError) as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(database_sentence(error))


def database_sentence(error: BaseException) -> str:
    """What the database said first: saving that a step failed fails as well once the database is gone."""
    from django.db import Error

    while isinstance(error.__context__, Error):
        error = error.__context__
    said = str(error).strip().split("\n", 1)[0]
    return f"The database failed: {said}. What was committed stays; run the command again when the database answers."


def needs_servers(arguments: list[str]) -> bool:
    if not arguments or arguments[0].startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_SERVERS


def start_servers() -> None:
    """Before settings are read: they ask where the servers are."""
    from retention import env
    from retention.local.servers import services as servers
    from retention.local.servers.addresses import addresses
    from retention.local.servers.backends.owner import EmbeddedError

    try:
        started = servers.up(addresses(env.var_dir()))
    except EmbeddedError as error:
        sys.exit(str(error))
    if started:
        print(f"Started embedded {' and '.join(started)}; 'manage.py services down' ends them.", file=sys.stderr)


if __name__ == "__main__":
    main()
