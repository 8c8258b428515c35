"""How long an agent sees a caller, how often a day, and for what reasons."""

from datetime import timedelta

from django.db import models
from django.utils.translation import pgettext_lazy

from workorders.declarations import CALLER_REASONS

GRANT_LENGTH = timedelta(minutes=30)
# Of one agent on one day of the operator; those that find nothing count as well, so that guessing ends soon.
MAX_LOOKUPS_A_DAY = 20
# Characters. A message stands after the number of its order.
MAX_NUMBER, MAX_NOTE, MAX_MESSAGE = 40, 200, 400


class CallerReason(models.TextChoices):
    CALLS_BACK = "calls_back", CALLER_REASONS["calls_back"]
    TRANSFERRED = "transferred", CALLER_REASONS["transferred"]
    COMPLAINT = "complaint", CALLER_REASONS["complaint"]
    OTHER = "other", pgettext_lazy("reason", "Another reason")
