"""Decisions on offers by customers and the billing system."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.offers.models.offers import Offer
from campaigns.offers.states import ACCEPTED_STATES, OPEN_STATES, State
from customers.facts.models import MONEY, Subscriber, unchecked_foreign_key
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.api.models import ApiClient


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User | ApiClient) -> Self:
        """Managers, analysts and API clients: lines of their branch and below. Others: customers they may see."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.filter(subscriber__in=Subscriber.objects.visible_to(user))

    def for_billing(self) -> Self:
        """Decisions that the customer accepted, with all that the API returns, in one query."""
        return self.filter(state__in=ACCEPTED_STATES).select_related("offer", "subscriber", "accepted_by")

    def numbered(self, text: str) -> Self:
        """The decision with this `id` of the API; none for a text that is no UUID."""
        try:
            return self.filter(public_id=uuid.UUID(text))
        except ValueError:
            return self.none()

    def for_history(self) -> Self:
        people = "proposed_by", "accepted_by", "decided_by"
        return self.select_related("offer", *people).order_by("-proposed_at", "-pk")

    def for_approval(self, user: User, *, now: datetime) -> Self:
        """Proposals that wait for a supervisor and are still reserved, of what the person may see, the oldest first;
        not their own."""
        waiting = self.visible_to(user).filter(state=State.REQUESTED, stands_until__gte=now).exclude(proposed_by=user)
        return waiting.select_related("offer", "subscriber", "proposed_by").order_by("proposed_at", "pk")

    def run_out(self, now: datetime) -> Self:
        """Not answered, and the time for which their piece was reserved is over."""
        return self.filter(state__in=OPEN_STATES, stands_until__lt=now)

    def refused_and_left(self) -> Self:
        """Refused by billing, and no later offer has been accepted on the line."""
        later = Decision.objects.filter(
            subscriber=models.OuterRef("subscriber_id"),
            state__in=[State.ACCEPTED, State.CONFIRMED],
            accepted_at__gt=models.OuterRef("accepted_at"),
        )
        return self.filter(~models.Exists(later), state=State.REFUSED)


class DeclineReason(models.TextChoices):
    """Why the customer declined an offer."""

    PRICE = "price", _("Too expensive")
    TERM = "term", _("Too long a commitment")
    NOT_NEEDED = "not_needed", _("Not needed")
    RIVAL = "rival", _("Has a better offer")
    LATER = "later", _("Wants to think about it")


class Decision(models.Model):
    """An offer proposed on one order, with the customer's answer and the billing system's.

    terms: what was offered, as it stood then. cost: what it costs us over the term, yuan, below zero for what it
    brings. stands_until: while it is not answered, its piece of the offer's stock and budget is reserved so long.
    decided_by, decided_at, decision_note: of a supervisor, where the agent might not give it alone. settled_at: when it
    was declined, withdrawn, denied, confirmed or refused, or its time was over.
    """

    public_id = models.UUIDField(_("decision"), unique=True, default=uuid.uuid4, editable=False)
    order_no = models.CharField(_("order"), max_length=40)
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="decisions", db_index=False)
    branch = unchecked_foreign_key("core.Branch", related_name="decisions", db_index=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="decisions", verbose_name=_("offer"))
    offer_version = models.PositiveIntegerField()
    terms = models.JSONField(_("terms"), default=dict)
    cost = models.DecimalField(_("cost"), default=0, **MONEY)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    stands_until = models.DateTimeField(_("stands until"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    decision_note = models.CharField(_("reason of the supervisor"), max_length=300, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(_("settled"), null=True)
    decline_reason = models.CharField(_("declined because"), max_length=12, choices=DeclineReason.choices, blank=True)
    billing_ref = models.CharField(_("billing reference"), max_length=80, blank=True)
    refusal_reason = models.CharField(_("refused because"), max_length=300, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber"], condition=Q(state="accepted"), name="decision_one_open_a_subscriber"
            ),
            models.UniqueConstraint(
                fields=["order_no", "offer"], condition=Q(state__in=OPEN_STATES), name="decision_open_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="decision_state_named"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(billing_ref=""), name="decision_confirmed_has_reference"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal_reason=""), name="decision_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ACCEPTED_STATES, accepted_at__isnull=False)
                | ~Q(state__in=ACCEPTED_STATES) & Q(accepted_at__isnull=True),
                name="decision_taken_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="denied") | ~Q(decision_note=""), name="decision_denied_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="accepted"), name="decision_pending"),
            models.Index(fields=["stands_until"], condition=Q(state__in=OPEN_STATES), name="decision_open"),
            models.Index(fields=["settled_at"], condition=Q(state="refused"), name="decision_refused"),
            models.Index(fields=["order_no"], name="decision_of_order"),
            models.Index(fields=["subscriber", "-proposed_at"], name="decision_of_line"),
            models.Index(fields=["branch", "offer"], name="decision_of_branch"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def is_over(self, now: datetime) -> bool:
        """Whether the time has passed for which it stands unanswered."""
        return self.stands_until is not None and self.stands_until < now
