from django.utils.translation import gettext_lazy as _

from customers.facts.models import Tie
from customers.ingest.resources.base import Fields, Resource

tie = Fields(Tie)

TIES = Resource(
    "ties",
    Tie,
    _("Calling circle"),
    key=("subscriber_no", "month", "other_hash"),
    fields=(
        tie.subscriber(),
        tie.month("month"),
        tie.key("other_hash"),
        tie.count("calls"),
        tie.real("minutes"),
        tie.choice("network"),
    ),
)
