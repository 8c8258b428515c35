from django.core.management.base import BaseCommand

from campaigns.scenarios.services.installation import install_scenarios


class Command(BaseCommand):
    help = "Write the shipped scenarios that are not there yet. Scenarios that are stay as managers left them."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{install_scenarios()} scenarios installed")
