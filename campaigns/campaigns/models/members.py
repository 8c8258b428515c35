"""Who is in a campaign, as frozen, and what has become of each."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.campaigns.models.campaigns import Campaign
from campaigns.campaigns.states import OUTSTANDING, Arm, MemberState
from campaigns.messages.models import REASONS
from customers.facts.models import MONEY, Subscriber, unchecked_foreign_key
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role


class CampaignMemberQuerySet(models.QuerySet["CampaignMember"]):
    def visible_to(self, user: User) -> Self:
        """Managers and analysts: those frozen in their branch and below. Supervisors: on customers they may see."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.filter(subscriber__in=Subscriber.objects.visible_to(user))

    def treated(self) -> Self:
        return self.filter(arm=Arm.TREATED)

    def controls(self) -> Self:
        return self.filter(arm=Arm.CONTROL)

    def due(self) -> Self:
        """To be contacted now: those of the first wave and the most worthwhile first."""
        due = self.filter(state=MemberState.DUE)
        return due.order_by("wave", F("expected_gain").desc(nulls_last=True), "pk")

    def for_list(self) -> Self:
        """All that the list shows, the first wave and the most worthwhile first."""
        shown = self.select_related("subscriber__account", "customer", "branch", "campaign")
        return shown.order_by("wave", F("expected_gain").desc(nulls_last=True), "pk")


class CampaignMember(models.Model):
    """A customer of a campaign, with the line to be contacted, as they stood on the day of the freezing.

    One row a customer, the most worthwhile line of those that the audience holds. arm: drawn at the freezing, for
    good; treated means meant to be contacted, whatever came of it. offer_code: of a treated member the offer drawn for
    it, where the campaign draws them. wave: from 1 on; the control has waves too, so that
    both arms are followed from the same days. launched_on: the day on which the wave was opened. risk_decile: 1 is the
    highest risk of the campaign; None without a score. arpu: yuan a month. reason: why the contact rules refused it.
    again_on: of a resting one, the day from which it is asked for again. order_no, opened_on: of its order or message.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="members", db_index=False)
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="campaign_members", db_index=False)
    customer = unchecked_foreign_key("customers.Customer", related_name="campaign_members", db_index=False)
    branch = unchecked_foreign_key("core.Branch", related_name="campaign_members", db_index=False, null=True)
    segment = models.CharField(_("segment"), max_length=60, blank=True)
    risk_decile = models.PositiveSmallIntegerField(_("risk decile"), null=True)
    expected_gain = models.DecimalField(_("expected gain"), null=True, **MONEY)
    arpu = models.DecimalField(_("spend a month"), null=True, **MONEY)
    arm = models.CharField(_("arm"), max_length=8, choices=Arm.choices)
    offer_code = models.CharField(_("drawn offer"), max_length=24, blank=True, default="", db_default="")
    wave = models.PositiveSmallIntegerField(_("wave"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=MemberState.choices)
    reason = models.CharField(_("refused because"), max_length=24, choices=REASONS, blank=True)
    launched_on = models.DateField(_("launched on"), null=True)
    again_on = models.DateField(_("asked for again on"), null=True)
    opened_on = models.DateField(_("order opened on"), null=True)
    order_no = models.CharField(_("order"), max_length=40, blank=True)

    objects = CampaignMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "subscriber"], name="campaign_member_once"),
            models.UniqueConstraint(fields=["customer", "campaign"], name="campaign_customer_once"),
            models.CheckConstraint(
                name="campaign_control_left_alone",
                condition=Q(arm=Arm.CONTROL, state=MemberState.LEFT_ALONE)
                | Q(arm=Arm.TREATED) & ~Q(state=MemberState.LEFT_ALONE),
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "opened_on"], condition=Q(opened_on__isnull=False), name="campaign_member_opened"
            ),
            models.Index(fields=["subscriber"], name="campaign_member_of_line"),
            models.Index(
                fields=["campaign", "wave", "state"], condition=Q(state__in=OUTSTANDING), name="campaign_outstanding"
            ),
            # Chunk after chunk takes the next ones: without it each would sort all that are left.
            models.Index(
                "campaign",
                "wave",
                F("expected_gain").desc(nulls_last=True),
                "id",
                condition=Q(state=MemberState.DUE),
                name="campaign_due",
            ),  # fmt: skip
        ]
        verbose_name = _("campaign member")

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.subscriber_id}"
