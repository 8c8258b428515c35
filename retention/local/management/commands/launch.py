from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from retention import env
from retention.local.launcher.services import processes
from retention.local.launcher.services.launch import Launch, LaunchError
from retention.local.servers.addresses import addresses
from retention.local.servers.backends.owner import EmbeddedError


class Command(BaseCommand):
    help = (
        "The whole centre on this machine (make run): embedded servers, migrations, demo operator, last night's run, "
        "web server, worker and beat. Ends what it started on Ctrl-C. Reads PORT and DEMO_SUBSCRIBERS (0: no demo)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--end-with-parent", action="store_true", help="end when the starter (make) is killed")

    def handle(self, *, end_with_parent: bool, **options: Any) -> None:
        if end_with_parent:
            processes.end_with_parent()
        launch = Launch(
            base=settings.BASE_DIR,
            place=addresses(settings.VAR_DIR),
            static_root=settings.STATIC_ROOT,
            port=env.number("PORT", 8000),
            subscribers=env.number("DEMO_SUBSCRIBERS", 20_000),
        )
        try:
            launch.run()
        except (LaunchError, EmbeddedError) as error:
            raise CommandError(str(error)) from error
