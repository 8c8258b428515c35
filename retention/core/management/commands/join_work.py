import time

from django.core.management.base import BaseCommand, CommandParser

from retention.core.jobs.chunks import join_open_runs

POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Help with the chunked work that other processes have begun (a night, a scoring), without Celery. Ends when "
        "nothing was open for --idle seconds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--idle", type=float, default=60.0, help="seconds to wait for further work; default 60")

    def handle(self, *, idle: float, **options: object) -> None:
        joined, last = 0, time.monotonic()
        while True:
            if found := join_open_runs():
                joined, last = joined + found, time.monotonic()
            if time.monotonic() - last >= idle:
                break
            time.sleep(min(POLL_SECONDS, idle))
        self.stdout.write(f"Helped with {joined} runs.")
