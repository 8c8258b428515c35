from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.hits import ScenarioHit
from campaigns.models.scenarios import Scenario
from customers.models.base import to_row


class EventReaction(models.Model):
    """That an event scenario has looked at a status event, once and for all, and what came of it."""

    class Result(models.TextChoices):
        HIT = "hit", _("Found")
        PASSED = "passed", _("The rule does not hold")
        RESTING = "resting", _("Found lately")
        CAPPED = "capped", _("Over the day's limit")

    event = to_row("customers.StatusEvent", related_name="reactions", db_index=False)
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="reactions")
    at = models.DateTimeField(_("at"))
    result = models.CharField(_("result"), max_length=8, choices=Result.choices)
    hit = models.OneToOneField(ScenarioHit, models.CASCADE, null=True, related_name="reaction")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "scenario"], name="reaction_once"),
            models.CheckConstraint(
                condition=models.Q(result="hit", hit__isnull=False) | ~models.Q(result="hit") & models.Q(hit=None),
                name="reaction_hit_is_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.event_id} {self.result}"
