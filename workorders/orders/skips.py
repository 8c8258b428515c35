"""Why an agent puts an order back that came by "next order"."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SkipReason(TextChoices):
    ACQUAINTED = "acquainted", _("I know this customer")
    LANGUAGE = "language", _("The customer speaks a language or dialect that I do not")
    DISPUTE = "dispute", _("I have had a dispute with this customer")
    EXPERTISE = "expertise", _("This is beyond what I have learnt")
    FACTS = "facts", _("The customer's data look wrong")


def format_skip(reason: str) -> str:
    """The words of a reason; one that is not in the list any more as it is."""
    return str(SkipReason(reason).label) if reason in SkipReason.values else reason
