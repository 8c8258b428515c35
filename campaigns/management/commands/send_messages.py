"""Sending by hand, or as a process of its own beside the workers."""

import json
import time
from dataclasses import asdict

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from campaigns.messages.services.doubts import expire_messages, settle_doubts
from campaigns.messages.services.incoming import take_incoming
from campaigns.messages.services.sending import SendReport, send_for
from retention.core import clock

TURN_SECONDS, PAUSE_SECONDS = 5.0, 1.0


class Command(BaseCommand):
    help = (
        "Send the messages that are due, ask providers about those in doubt, and take receipts. Any number may run at"
        " once. Without --seconds it ends when nothing is due."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=0, help="go on for so long, also when nothing is due")
        parser.add_argument("--json", action="store_true", help="print what was done as one JSON object")

    def handle(self, *args: object, **options: object) -> None:
        until = time.monotonic() + float(str(options["seconds"]))
        total = SendReport()
        gateways = set(settings.MESSAGE_GATEWAYS.values())
        while True:
            take_incoming(tick=clock.now, gateways=gateways)
            expire_messages(now=clock.now())
            settle_doubts(now=clock.now())
            report = send_for(seconds=TURN_SECONDS, tick=clock.now)
            total.add(report)
            if not report.claimed:
                if time.monotonic() >= until:
                    break
                time.sleep(PAUSE_SECONDS)
        counts = {name: count for name, count in asdict(total).items() if name != "wait"}
        said = json.dumps(counts) if options["json"] else ", ".join(f"{name} {n}" for name, n in counts.items())
        self.stdout.write(said)
