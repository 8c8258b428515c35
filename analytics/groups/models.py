"""Groups that may leave together 集体离网: how each stands tonight, its share of each branch, and how it came to it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, FloatField, Q, Sum
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.facts.models import MONEY, unchecked_foreign_key
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role


class GroupLevel(models.TextChoices):
    CALM = "calm", pgettext_lazy("level of a group", "Calm")
    WATCH = "watch", pgettext_lazy("level of a group", "Watch")
    ALARM = "alarm", pgettext_lazy("level of a group", "Alarm")


class GroupSign(models.TextChoices):
    """Why a group is watched, as a sentence."""

    LEFT = "left", _("several members have left in 90 days")
    FORWARDING = "forwarding", _("members forward calls to another network")
    SPEND = "spend", _("the group spends clearly less than before")
    RISK = "risk", _("members are likelier to leave than usual")


class GroupRiskQuerySet(models.QuerySet["GroupRisk"]):
    def visible_to(self, user: User) -> Self:
        """Groups with members in the person's branches. Sums made after it count those branches only."""
        if user.role == Role.ADMINISTRATOR:
            return self.filter(parts__isnull=False)
        return self.filter(parts__branch__in=Branch.objects.under(user.branch).values("pk"))

    def for_page(self) -> Self:
        """With the figures of the parts that are left in view, most revenue at risk first."""
        sums = {f"seen_{name}": Sum(f"parts__{name}") for name in ADDED}
        change = Cast(F("seen_bill_last"), FloatField()) / NullIf(Cast(F("seen_bill_base"), FloatField()), 0.0) - 1
        return (
            self.select_related("group")
            .annotate(**sums)
            .annotate(seen_spend_change=change)
            .order_by("-seen_revenue_at_risk", "pk")
        )


class GroupRisk(models.Model):
    """A group at a level tonight; calm ones have no row. `since`: the night of the level; signs: GroupSign values."""

    computed_from_facts: ClassVar[Q] = Q()

    group = models.OneToOneField(
        "customers.CustomerGroup", models.CASCADE, primary_key=True, related_name="risk", verbose_name=_("group")
    )
    as_of = models.DateField(_("as of"))
    since = models.DateField(_("since"))
    level = models.CharField(_("level"), max_length=8, choices=GroupLevel.choices)
    signs = models.JSONField(_("signs"), default=list)
    members = models.IntegerField(_("members"))
    left_90d = models.IntegerField(_("left in 90 days"))
    forwarding = models.IntegerField(_("forwarding to a rival"))
    expected_leavers = models.FloatField(_("expected leavers"))
    spend_change = models.FloatField(_("spend, change"), null=True)

    objects = GroupRiskQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.group_id} {self.level}"


ADDED = ("members", "left_90d", "forwarding", "expected_leavers", "spend", "revenue_at_risk", "bill_last", "bill_base")


class GroupPart(models.Model):
    """One branch's part of a group at a level. Every figure adds up over branches; money is a month's."""

    computed_from_facts: ClassVar[Q] = Q()

    risk = models.ForeignKey(GroupRisk, models.CASCADE, related_name="parts")
    branch = unchecked_foreign_key("core.Branch", related_name="group_parts")
    members = models.IntegerField()
    left_90d = models.IntegerField()
    forwarding = models.IntegerField()
    expected_leavers = models.FloatField()
    spend = models.DecimalField(**MONEY)
    revenue_at_risk = models.DecimalField(**MONEY)
    bill_last = models.DecimalField(**MONEY)
    bill_base = models.DecimalField(**MONEY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["risk", "branch"], name="group_part_key")]

    def __str__(self) -> str:
        return f"{self.risk_id} in {self.branch_id}"


class GroupNight(models.Model):
    """A group's level on the nights on which it changed, and on month ends while it is not calm."""

    computed_from_facts: ClassVar[Q] = Q()

    group = unchecked_foreign_key("customers.CustomerGroup", related_name="nights", db_index=False)
    as_of = models.DateField(_("as of"))
    level = models.CharField(_("level"), max_length=8, choices=GroupLevel.choices)
    members = models.IntegerField(_("members"))
    left_90d = models.IntegerField(_("left in 90 days"))
    forwarding = models.IntegerField(_("forwarding to a rival"))
    expected_leavers = models.FloatField(_("expected leavers"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "as_of"], name="group_night_key")]
        ordering = ["group", "-as_of"]

    def __str__(self) -> str:
        return f"{self.group_id} {self.as_of} {self.level}"
