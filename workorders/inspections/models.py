"""Tables of inspection plans and of their visits."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Customer
from retention.core.accounts.models import Branch, Team, User
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet
from workorders.orders.models import WorkOrder
from workorders.orders.states import OPEN, State

LEAST_DAYS, MOST_DAYS, MOST_PER_DAY = 7, 730, 1_000
FIRMS = (Customer.Kind.ENTERPRISE, Customer.Kind.GOVERNMENT)


def all_firms() -> list[str]:
    return [kind.value for kind in FIRMS]


class InspectionPlanQuerySet(ManagedQuerySet["InspectionPlan"]):
    def for_list(self) -> Self:
        return self.select_related("branch", "team").order_by("code")

    def in_use(self) -> Self:
        return self.filter(enabled=True).select_related("branch").order_by("code")


class InspectionPlan(Managed):
    """Firms of a branch and below that are visited at an interval, so many a day. That of the nearest branch counts.

    kinds, tiers: of the customers; no tier: all. team: who visits, None for the group nearest to the firm.
    """

    editable = ("name", "name_zh", "branch", "kinds", "tiers", "every_days", "per_day", "team")
    view_permission, edit_permission = "inspections.view", "inspections.edit"

    kinds = models.JSONField(_("customers"), default=all_firms)
    tiers = models.JSONField(_("cards"), default=list, blank=True)
    every_days = models.PositiveSmallIntegerField(
        _("days between two visits"), default=90,
        validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)],
    )  # fmt: skip
    per_day = models.PositiveSmallIntegerField(
        _("visits a day"), default=6, validators=[MinValueValidator(1), MaxValueValidator(MOST_PER_DAY)]
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("group"))

    objects = InspectionPlanQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("inspection plan")
        verbose_name_plural = _("inspection plans")
        constraints = [
            models.CheckConstraint(
                name="inspection_plan_in_bounds",
                condition=Q(every_days__gte=LEAST_DAYS, every_days__lte=MOST_DAYS, per_day__gte=1),
            )
        ]

    def normalize(self) -> None:
        self.kinds = sorted(set(self.kinds) & set(all_firms()))
        self.tiers = sorted(set(self.tiers) & set(Customer.Tier.values))
        if not self.kinds:
            raise _invalid("kinds", gettext("Choose whom the plan visits."))
        if not LEAST_DAYS <= self.every_days <= MOST_DAYS:
            text = gettext("Between %(least)d and %(most)d days.")
            raise _invalid("every_days", text % {"least": LEAST_DAYS, "most": MOST_DAYS})
        if not 1 <= self.per_day <= MOST_PER_DAY:
            raise _invalid("per_day", gettext("Between 1 and %(most)d visits.") % {"most": MOST_PER_DAY})


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, code="bad_plan", details=[{"field": field, "code": "bad", "message": message}])


class VisitState(models.TextChoices):
    """Derived from the order of the visit, which is the truth."""

    PLANNED = "planned", pgettext_lazy("inspection", "Planned")
    IN_HAND = "in_hand", pgettext_lazy("inspection", "Order open")
    DONE = "done", pgettext_lazy("inspection", "Visited")
    DROPPED = "dropped", pgettext_lazy("inspection", "Dropped")


class InspectionVisitQuerySet(models.QuerySet["InspectionVisit"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(customer__branch__in=Branch.objects.visible_to(user).values("pk"))

    def with_state(self) -> Self:
        """Adds `state`, a VisitState."""
        return self.annotate(
            state=Case(
                When(order=None, then=Value(VisitState.PLANNED.value)),
                When(order__state__in=OPEN, then=Value(VisitState.IN_HAND.value)),
                When(order__state=State.DONE, then=Value(VisitState.DONE.value)),
                default=Value(VisitState.DROPPED.value),
                output_field=models.CharField(),
            )
        )

    def for_routes(self) -> Self:
        """The list of the routes: day by day, the firms of one branch beside each other."""
        return (
            self.with_state()
            .select_related("plan", "customer__branch", "order__assignee", "order__closed_by", "order__type")
            .order_by("planned_on", "customer__branch__path", "pk")
        )

    def due(self, *, on: date) -> Self:
        """Planned for this day or an earlier one and without an order, of plans in use."""
        return self.filter(order=None, planned_on__lte=on, plan__enabled=True)

    def replaceable(self, *, after: date) -> Self:
        """Without an order, later than this day, and not put there by a person."""
        return self.filter(order=None, planned_on__gt=after, by_hand=False)


class InspectionVisit(models.Model):
    """One visit of one firm. due_on: when the interval ends; planned_on: the day of the route. order: opened on that
    day. by_hand: somebody has chosen the day."""

    plan = models.ForeignKey(
        InspectionPlan, models.PROTECT, related_name="visits", verbose_name=_("inspection plan"), db_index=False
    )
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="inspections", verbose_name=_("customer"), db_index=False
    )
    due_on = models.DateField(_("due"))
    planned_on = models.DateField(_("planned for"))
    by_hand = models.BooleanField(_("moved by hand"), default=False)
    order = models.OneToOneField(
        WorkOrder, models.SET_NULL, null=True, related_name="inspection", verbose_name=_("order")
    )

    objects = InspectionVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(order=None), name="inspection_one_planned"),
        ]
        indexes = [
            models.Index(fields=["plan", "planned_on"], name="inspection_of_plan"),
            models.Index(fields=["customer", "-planned_on"], name="inspection_of_customer"),
            models.Index(fields=["planned_on"], name="inspection_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.planned_on}"
