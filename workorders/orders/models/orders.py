"""Work orders."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Customer, Subscriber
from retention.core.accounts.models import Branch, Team, User, display_name_of
from retention.core.accounts.roles import Role
from workorders.allocation.models import AllocationRule
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.stages import Stage
from workorders.orders.models.trail import Transition
from workorders.orders.origins import CAMPAIGN_MARK, OF_SCENARIOS, Origin, OriginKind
from workorders.orders.states import CLOSED, HELD, OPEN, WORKED, State

# Order of work: priority, then the nearest due time, then the expected gain; and as SQL.
CLAIM_ORDER = ("priority", "due_at", F("expected_gain").desc(nulls_last=True), "id")
CLAIM_ORDER_SQL = "priority, due_at, expected_gain DESC NULLS LAST, id"
# The three kinds of queue that an index has each: of a whole group, of those who fit a rule, of an owner.
_RESERVED = Q(state=State.QUEUED, reserved_until__isnull=False)
OF_ALL = Q(state=State.QUEUED, reserved_until=None)
OF_RULE, OF_OWNER = _RESERVED & Q(reserved_for=None), _RESERVED & Q(reserved_for__isnull=False)


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    def visible_to(self, user: User) -> Self:
        """Agents: the orders they hold. Supervisors: their groups'. Managers and analysts: own branch and below."""
        match user.role:
            case Role.ADMINISTRATOR:
                return self
            case Role.MANAGER | Role.ANALYST:
                return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
            case Role.SUPERVISOR:
                return self.filter(Q(team__in=user.teams.values("pk")) | Q(assignee=user))
        return self.filter(assignee=user)

    def from_source(self, source: str) -> Self:
        """Orders of one source: a scenario's code, a campaign's after its mark, or a kind of origin."""
        if source.startswith(CAMPAIGN_MARK):
            return self.filter(origin_kind=OriginKind.CAMPAIGN, origin_key=source.removeprefix(CAMPAIGN_MARK))
        return self.filter(Q(origin_kind__in=OF_SCENARIOS, origin_key=source) | Q(origin_kind=source))

    def on_desk(self) -> Self:
        """Orders on the agents' desks: at most one each."""
        return self.filter(lease_until__isnull=False)

    def promised_by(self, agent: User, *, since: datetime, until: datetime) -> Self:
        """The agent's appointments between two moments, the last not included, by their time."""
        promised = self.filter(assignee=agent, state=State.WAITING, appointment_at__gte=since, appointment_at__lt=until)
        return promised.order_by("appointment_at", "pk")

    def in_claim_order(self) -> Self:
        return self.order_by(*CLAIM_ORDER)

    def for_queue(self, agent: User) -> Self:
        """The agent's own open orders for the left pane: appointments by their time first, then in claim order."""
        return (
            self.filter(assignee=agent, state__in=HELD)
            .select_related("type", "customer")
            .order_by(
                F("lease_until").desc(nulls_last=True),
                F("appointment_at").asc(nulls_last=True),
                *CLAIM_ORDER,
            )
        )

    def for_board(self) -> Self:
        """All that the supervisor's list reads. done_by_name: of who saved the last contact.

        Types come with a query of their own, once each: they are few, and large.
        """
        contact = Transition.objects.last_contacts().filter(order=models.OuterRef("pk"))
        return (
            self.defer("evidence", "answers")
            .select_related("team", "assignee", "branch", "customer", "disposition", "closed_by")
            .prefetch_related("type")
            .annotate(done_by_name=models.Subquery(contact.values(name=display_name_of("actor"))[:1]))
        )

    def done_by(self, username: str) -> Self:
        """Orders whose last contact this person saved, whatever has become of them."""
        return self.filter(pk__in=Transition.objects.last_contacts().filter(actor__username=username).values("order"))

    def for_preview(self) -> Self:
        """What is said of an order before it is taken, in one query."""
        return self.defer("evidence", "answers").select_related("type", "team", "rule", "customer")

    def for_call(self) -> Self:
        """The order's own side of the call screen, in one query."""
        return self.select_related("type", "team", "assignee", "disposition", "closed_by", "rule", "branch")


class WorkOrder(models.Model):
    """One customer to be contacted, for one purpose. Written only by workorders.orders.services.

    stage: of the type's version, "" in orders of before there were stages; step: the type's move that led to it, ""
    for others. one_open: copied from the type. purpose: what the contact gate is asked for. origin_kind, origin_key:
    what it was opened for, see Origin. evidence: [{"scenario": source, "hit": id, "on": date,
    "facts": {field key: value}}]; the first one opened the order.
    probability, expected_gain: the risk as it stood at opening. version: how many lines the trail has.
    rule: of the allocation, by which it was opened. reserved_until: in the queue until then only for who fits the rule,
    or for `reserved_for` and their cover; None, for the whole group.
    """

    audit_key = "order_no"

    order_no = models.CharField(_("order number"), max_length=40, unique=True)
    type = models.ForeignKey(OrderType, models.PROTECT, related_name="orders", verbose_name=_("type"))
    # Without an index of their own where a longer one begins with them, or one without the blanks: every move of an
    # order pays for each.
    subscriber = models.ForeignKey(Subscriber, models.PROTECT, related_name="work_orders", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="work_orders")
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="work_orders", verbose_name=_("branch"), db_index=False
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, related_name="work_orders", verbose_name=_("group"), db_index=False
    )
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="work_orders", verbose_name=_("agent"), db_index=False
    )
    rule = models.ForeignKey(
        AllocationRule, models.PROTECT, null=True, related_name="orders", verbose_name=_("allocation rule"),
        db_index=False,
    )  # fmt: skip
    reserved_for = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="reserved_orders", db_index=False, verbose_name=_("reserved for")
    )
    reserved_until = models.DateTimeField(_("reserved until"), null=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(_("stage"), max_length=40, blank=True, default="", db_default="")
    step = models.CharField(max_length=40, blank=True, default="", db_default="")
    one_open = models.BooleanField(default=True, db_default=True)
    priority = models.PositiveSmallIntegerField(_("priority"))
    purpose = models.CharField(_("purpose"), max_length=40)
    origin_kind = models.CharField(_("origin"), max_length=16, choices=OriginKind.choices)
    origin_key = models.CharField(_("origin key"), max_length=60, blank=True)
    evidence = models.JSONField(default=list)
    probability = models.FloatField(_("churn probability"), null=True)
    expected_gain = models.DecimalField(_("expected gain"), max_digits=12, decimal_places=2, null=True)
    opened_on = models.DateField(_("opened"))
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(_("not before"), null=True)
    appointment_at = models.DateTimeField(_("appointment"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    disposition = models.ForeignKey(
        Disposition, models.PROTECT, null=True, related_name="orders", verbose_name=_("disposition"), db_index=False
    )
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="closed_orders", db_index=False
    )

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("work order")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state__in=OPEN, one_open=True), name="order_one_open_contact"
            ),
            models.UniqueConstraint(
                fields=["assignee"], condition=Q(lease_until__isnull=False), name="order_one_lease_an_agent"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="order_state_known"),
            models.CheckConstraint(
                name="order_held_has_agent",
                condition=Q(state__in=HELD, assignee__isnull=False) | ~Q(state__in=HELD) & Q(assignee=None),
            ),
            models.CheckConstraint(
                name="order_lease_only_at_work", condition=Q(lease_until=None) | Q(state__in=WORKED)
            ),
            models.CheckConstraint(
                name="order_waiting_has_appointment",
                condition=Q(state=State.WAITING, appointment_at__isnull=False)
                | ~Q(state=State.WAITING) & Q(appointment_at=None),
            ),
            models.CheckConstraint(
                name="order_closed_has_time",
                condition=Q(state__in=CLOSED, closed_at__isnull=False) | Q(state__in=OPEN, closed_at=None),
            ),
            models.CheckConstraint(
                name="order_done_has_disposition", condition=~Q(state=State.DONE) | Q(disposition__isnull=False)
            ),
        ]
        indexes = [
            models.Index("team", *CLAIM_ORDER, condition=OF_ALL, name="order_open_queue"),
            models.Index("rule", "team", *CLAIM_ORDER, condition=OF_RULE, name="order_rule_queue"),
            models.Index("reserved_for", *CLAIM_ORDER, condition=OF_OWNER, name="order_owner_queue"),
            models.Index(fields=["reserved_until"], condition=_RESERVED, name="order_reserved"),
            models.Index(fields=["assignee", "state"], condition=Q(assignee__isnull=False), name="order_of_agent"),
            models.Index(fields=["lease_until"], condition=Q(lease_until__isnull=False), name="order_leased"),
            models.Index(
                fields=["appointment_at"], condition=Q(appointment_at__isnull=False), name="order_appointment"
            ),
            models.Index(fields=["team", "state", "-opened_at"], name="order_of_team"),
            models.Index(fields=["branch", "state", "-opened_at"], name="order_of_branch"),
            models.Index(fields=["state", "-opened_at"], name="order_by_state"),
            models.Index(fields=["subscriber", "-opened_at"], name="order_of_subscriber"),
            models.Index(fields=["origin_kind", "origin_key", "opened_on"], name="order_of_origin"),
            models.Index(fields=["disposition"], condition=Q(disposition__isnull=False), name="order_of_disposition"),
            models.Index(fields=["closed_by"], condition=Q(closed_by__isnull=False), name="order_closed_by"),
        ]

    def __str__(self) -> str:
        return self.order_no

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def at(self) -> Stage | None:
        """The stage of its own version at which it stands."""
        return self.type.staged.current(self.stage, self.state)

    @property
    def stage_title(self) -> str:
        """In the words of its own version; the state's where a stage is named as the state."""
        stage = self.at
        return stage.title if stage and stage.key != self.state and stage.title else self.get_state_display()

    @property
    def pays(self) -> bool | None:
        """Whether a contact was expected to bring more than it costs when the order was opened; None: not known."""
        return None if self.expected_gain is None else self.expected_gain > 0

    @property
    def agent(self) -> User | None:
        """Who has the order; of a closed one, who closed it."""
        return self.assignee or self.closed_by

    @property
    def source(self) -> str:
        return Origin(OriginKind(self.origin_kind), self.origin_key).source
