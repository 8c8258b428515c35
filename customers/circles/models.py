"""Circles, who belongs to them since which month, and which months have been grouped."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from customers.facts.models import MONEY, Subscriber, unchecked_foreign_key
from customers.fields.choices import BundleReason, CircleKind
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role


class CircleMonth(models.Model):
    """A month whose ties made circles. digest: of its ties and of the rules; with another they are made anew."""

    month = models.DateField(primary_key=True)
    as_of = models.DateField()
    digest = models.CharField(max_length=64)
    circles = models.IntegerField()

    def __str__(self) -> str:
        return f"circles of {self.month}"


class CircleQuerySet(models.QuerySet["Circle"]):
    def visible_to(self, user: User) -> Self:
        """Circles served by the person's branches. Agents and supervisors see what the customer's page says of it."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.none()

    def standing(self) -> Self:
        """Those of the newest month that still have a line in use."""
        return self.filter(until=None, lines__gt=0)

    def for_list(self) -> Self:
        """Most saved by a bundle first."""
        rows = self.standing().select_related("branch", "bundle_plan")
        return rows.order_by(F("bundle_saving").desc(nulls_last=True), "pk")


class Circle(models.Model):
    """Lines that belong together. Its number stays while most of them do.

    since, until: the months of the first grouping with it and of the first without. The figures are those of the last
    night, over lines in use; as_of: the night on which they last changed. contacts, rivals: numbers outside the circle
    that its lines are in close contact with, and those of them on other networks; null without ties. left_90d: members
    whose line has ended in 90 days. spend: yuan a month, all lines. lead: the line to speak to, of the account that
    pays for most lines; branch: its branch. paid: what the lines that the bundle would replace pay a month;
    bundle_cost: what the bundle costs; bundle_saving: against paying for the same one by one.
    """

    computed_from_facts: ClassVar[Q] = Q()

    kind = models.CharField(_("kind"), max_length=12, choices=CircleKind.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)
    as_of = models.DateField(_("as of"), null=True)
    lines = models.IntegerField(_("lines"), db_default=0)
    mobiles = models.IntegerField(_("mobile lines"), db_default=0)
    broadbands = models.IntegerField(_("broadband lines"), db_default=0)
    customers = models.IntegerField(_("customers"), db_default=0)
    accounts = models.IntegerField(_("accounts"), db_default=0)
    contacts = models.IntegerField(_("outside contacts"), null=True)
    rivals = models.IntegerField(_("outside contacts on other networks"), null=True)
    left_90d = models.IntegerField(_("left in 90 days"), db_default=0)
    spend = models.DecimalField(_("monthly spend"), null=True, **MONEY)
    has_bundle = models.BooleanField(_("in a bundle"), db_default=False)
    lead = models.ForeignKey(
        "customers.Subscriber",
        models.SET_NULL,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("lead"),
    )
    branch = models.ForeignKey(
        "core.Branch", models.SET_NULL, null=True, db_constraint=False, related_name="+", verbose_name=_("branch")
    )
    bundle_reason = models.CharField(
        _("reason"), max_length=20, choices=BundleReason.choices, blank=True, db_default=""
    )
    bundle_plan = models.ForeignKey(
        "customers.Plan", models.SET_NULL, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    paid = models.DecimalField(_("paid now"), null=True, **MONEY)
    bundle_cost = models.DecimalField(_("bundle costs"), null=True, **MONEY)
    bundle_saving = models.DecimalField(_("saving"), null=True, **MONEY)

    objects = CircleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                F("bundle_saving").desc(nulls_last=True), "id", condition=Q(until=None), name="circle_by_saving"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def rival_share(self) -> float | None:
        """Of the outside contacts, those on other networks."""
        return self.rivals / self.contacts if self.contacts and self.rivals is not None else None


class CircleMemberQuerySet(models.QuerySet["CircleMember"]):
    def visible_to(self, user: User) -> Self:
        """Members whose line the person may see."""
        seen = Subscriber.objects.visible_to(user).filter(pk=OuterRef("subscriber"))
        return self.filter(Exists(seen))

    def standing(self) -> Self:
        return self.filter(until=None)

    def in_use(self) -> Self:
        return self.standing().exclude(subscriber__status=Subscriber.Status.TERMINATED)

    def for_circle(self, circle: Circle) -> Self:
        """Those who stand first, then the last to go."""
        return (
            self.filter(circle=circle)
            .select_related(*(f"subscriber__{name}" for name in ("account__customer", "branch", "plan", "profile")))
            .order_by(F("until").desc(nulls_first=True), "subscriber_id")
        )

    def beside(self, member: "CircleMember") -> Self:
        """The other lines in use of its circle."""
        rows = self.in_use().filter(circle=member.circle_id).exclude(pk=member.pk)
        return rows.select_related("subscriber").order_by("subscriber_id")

    def of_line(self, line: Subscriber) -> "CircleMember | None":
        return self.standing().filter(subscriber=line).select_related("circle__bundle_plan", "circle__branch").first()


class CircleMember(models.Model):
    """A line of a circle: since the month `since`, before the month `until`; null while it stands."""

    computed_from_facts: ClassVar[Q] = Q()

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="members", db_index=False)
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="circle_memberships")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)

    objects = CircleMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber"], condition=Q(until=None), name="circle_of_line"),
            models.UniqueConstraint(fields=["circle", "subscriber", "since"], name="circle_member_key"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id} in {self.circle_id}"
