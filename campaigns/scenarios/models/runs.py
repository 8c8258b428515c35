"""The nights of a scenario, and its reactions to events."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from campaigns.scenarios.models.hits import ScenarioHit
from campaigns.scenarios.models.scenarios import Scenario
from customers.facts.models import unchecked_foreign_key


class ScenarioRun(models.Model):
    """One scenario on one night.

    found: lines the rule matched; new: hits written; opted_out, cooled, unpaying, confirming, capped: customers left
    out, and why. found_by_branch: {branch id: found}, so that a manager sees the count of the own branches.
    left_out: {branch id: {one of LEFT_OUT: customers}}; runs of earlier releases have only the sums. A scenario that
    only counts has no hits; there it has those who are left, too, as COUNTED.
    """

    COUNTED: ClassVar[str] = "counted"

    LEFT_OUT: ClassVar[tuple[str, ...]] = ("opted_out", "cooled", "unpaying", "confirming", "capped")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="runs")
    on = models.DateField(_("night"))
    version = models.PositiveIntegerField(_("version"))
    rule = models.JSONField(_("rule"))
    found = models.PositiveIntegerField(_("found"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    opted_out = models.PositiveIntegerField(_("opted out"), default=0)
    cooled = models.PositiveIntegerField(_("resting"), default=0)
    unpaying = models.PositiveIntegerField(_("does not pay"), default=0, db_default=0)
    confirming = models.PositiveIntegerField(_("not confirmed yet"), default=0, db_default=0)
    capped = models.PositiveIntegerField(_("over the limit"), default=0)
    found_by_branch = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    held_because = models.CharField(_("held because"), max_length=300, blank=True)
    seconds = models.FloatField(_("seconds"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "on"], name="scenario_run_once")]
        ordering = ["-on"]
        verbose_name = _("scenario run")

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.on}"


class MatchStreak(models.Model):
    """On how many nights of a scenario in a row a line has matched; only while the scenario asks for more than one.

    on: the newest of these nights.
    """

    computed_from_facts: ClassVar[Q] = Q()

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="+")
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="+", db_index=False)
    since = models.DateField()
    on = models.DateField()
    nights = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "subscriber"], name="streak_once")]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.subscriber_id} {self.nights}"


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
