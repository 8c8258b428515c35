"""The nights of a scenario, and its reactions to events."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.scenarios.models.hits import ScenarioHit
from campaigns.scenarios.models.scenarios import Scenario
from customers.facts.models import unchecked_foreign_key


class ScenarioRun(models.Model):
    """One scenario on one night.

    found: lines the rule matched; new: hits written; opted_out, cooled, unpaying, capped: customers left out, and why.
    found_by_branch: {branch id: found}, so that a manager sees the count of the own branches.
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="runs")
    on = models.DateField(_("night"))
    version = models.PositiveIntegerField(_("version"))
    rule = models.JSONField(_("rule"))
    found = models.PositiveIntegerField(_("found"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    opted_out = models.PositiveIntegerField(_("opted out"), default=0)
    cooled = models.PositiveIntegerField(_("resting"), default=0)
    unpaying = models.PositiveIntegerField(_("does not pay"), default=0, db_default=0)
    capped = models.PositiveIntegerField(_("over the limit"), default=0)
    found_by_branch = models.JSONField(default=dict)
    held_because = models.CharField(_("held because"), max_length=300, blank=True)
    seconds = models.FloatField(_("seconds"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "on"], name="scenario_run_once")]
        ordering = ["-on"]
        verbose_name = _("scenario run")

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.on}"


class EventReaction(models.Model):
    """A status event processed by an event scenario, and the result; each is processed once."""

    computed_from_facts: ClassVar[Q] = Q()

    class Result(models.TextChoices):
        HIT = "hit", _("Found")
        PASSED = "passed", _("The rule does not hold")
        RESTING = "resting", _("Found recently")
        CAPPED = "capped", _("Over the daily cap")
        UNPAYING = "unpaying", _("A contact does not pay")

    event = unchecked_foreign_key("customers.StatusEvent", related_name="reactions", db_index=False)
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
