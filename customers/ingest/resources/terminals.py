from django.utils.translation import gettext_lazy as _

from customers.facts.models import Terminal
from customers.ingest.resources.base import Fields, Resource

terminal = Fields(Terminal)

TERMINALS = Resource(
    "terminals",
    Terminal,
    _("Terminals"),
    key=("subscriber_no", "first_seen_on"),
    fields=(
        terminal.subscriber(),
        terminal.day("first_seen_on", past=True),
        terminal.text("tac", ""),
        terminal.text("brand", ""),
        terminal.text("model", ""),
        terminal.choice("generation"),
    ),
)
