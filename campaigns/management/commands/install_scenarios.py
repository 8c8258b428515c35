from django.core.management.base import BaseCommand

from campaigns.care.services import install_care
from campaigns.scenarios.services.installation import install_scenarios


class Command(BaseCommand):
    help = "Write the shipped scenarios that are not there yet. Scenarios that are stay as managers left them."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{install_scenarios() + install_care()} scenarios installed")
