"""Back-tests of scenarios, kept for the list: one row a scenario, month end and branch."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, FloatField, Q, Sum
from django.db.models.functions import Cast

from campaigns.scenarios.models import Scenario
from customers.facts.models import MONEY, unchecked_foreign_key
from retention.core.accounts.models import BranchCounts


class ScenarioBacktestQuerySet(BranchCounts):
    def of_versions_in_force(self) -> Self:
        return self.filter(version=F("scenario__version"))

    def by_month(self) -> "models.QuerySet":
        """A row a scenario and month end: hits in the whole base, and sums of the month ends that are known."""
        known = Q(known=True)
        whole = Cast(F("found"), FloatField()) / F("share")
        return self.values("scenario_id", "month").annotate(
            hits=Sum(whole),
            judged=Sum("found", filter=known),
            left_sum=Sum("left", filter=known),
            caught=Sum(Cast(F("left"), FloatField()) / F("share"), filter=known),
            base_lines=Sum("base", filter=known),
            base_leavers=Sum("base_left", filter=known),
            yuan=Sum(Cast(F("gain"), FloatField()) / F("share"), filter=known),
        )


class ScenarioBacktest(models.Model):
    """What a version of a scenario would have found at a month end among the lines of a branch.

    known: whether the headline window is over; until then left, base_left and gain are 0 and say nothing. share: of the
    live lines, what the snapshot of the month end holds. gain: yuan, of contacts without an offer.
    """

    computed_from_facts: ClassVar[Q] = Q()

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="backtests")
    branch = unchecked_foreign_key("core.Branch", related_name="backtests", db_index=False)
    month = models.DateField()
    version = models.PositiveIntegerField()
    known = models.BooleanField()
    share = models.FloatField()
    found = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    base_left = models.PositiveIntegerField()
    gain = models.DecimalField(**MONEY)

    objects = ScenarioBacktestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "month", "branch"], name="scenario_backtest_once")]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.month} {self.branch_id}"
