from django.core.management.base import BaseCommand, CommandParser

from retention.portal.services.demo import load_demo


class Command(BaseCommand):
    help = "Make the demo operator with its staff; does nothing when it is already there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--subscribers", type=int, default=20_000)

    def handle(self, *args: object, subscribers: int, **options: object) -> None:
        job = load_demo(subscribers=subscribers, say=self.stdout.write)
        self.stdout.write(f"demo operator of {job.key} subscribers up to {job.business_date}: {job.state}")
