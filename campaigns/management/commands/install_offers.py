from django.core.management.base import BaseCommand

from campaigns.offers.services.installation import install_offers
from retention.core import clock


class Command(BaseCommand):
    help = "Write the shipped offers that are not there yet. Offers that are stay as managers left them."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{install_offers(on=clock.today())} offers installed")
