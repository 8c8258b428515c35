"""What the last months of each line cost on its plan and on the plan that fits it best."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.facts.models import MONEY, unchecked_foreign_key


class FitState(models.TextChoices):
    """What re-rating a line has found."""

    BETTER = "better", _("Another plan is cheaper")
    BEST = "best", _("On the cheapest plan")
    UNPRICED = "unpriced", _("Tariff of the plan is incomplete")
    NO_PLAN = "no_plan", _("No other plan is open to the line")
    FLAT = "flat", _("Price does not depend on use")
    NEW = "new", _("No full month yet")


class PlanFit(models.Model):
    """The fit of one line. Written only by record_plan_fits(), and only where something changed since `rated_on`.

    Amounts are yuan a month, minutes and MB, all means of the `months` rated; null where they are not known.
    break_even: the churn probability from which proposing `best_plan` earns more than it gives away; null for never.
    """

    computed_from_facts: ClassVar[Q] = Q()

    subscriber = models.OneToOneField(
        "customers.Subscriber", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="plan_fit"
    )
    plan = unchecked_foreign_key("customers.Plan", related_name="+", db_index=False)
    state = models.CharField(_("result"), max_length=10, choices=FitState.choices)
    rated_on = models.DateField(_("rated on"))
    last_month = models.DateField(_("last month"))
    months = models.SmallIntegerField(_("months"))
    cost = models.DecimalField(_("cost on the plan"), null=True, **MONEY)
    over_cost = models.DecimalField(_("over-use charges"), null=True, **MONEY)
    over_minutes = models.FloatField(_("minutes over"), null=True)
    over_mb = models.FloatField(_("MB over"), null=True)
    unused_minutes = models.FloatField(_("minutes unused"), null=True)
    unused_mb = models.FloatField(_("MB unused"), null=True)
    best_plan = unchecked_foreign_key("customers.Plan", related_name="+", db_index=False, null=True)
    saving = models.DecimalField(_("saving"), null=True, **MONEY)
    break_even = models.FloatField(_("break-even churn probability"), null=True)

    def __str__(self) -> str:
        return f"plan fit of {self.subscriber_id}"
