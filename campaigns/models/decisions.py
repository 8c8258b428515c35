import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.decisions.states import TAKEN, State
from campaigns.models.offers import Offer
from customers.models import Subscriber
from customers.models.base import to_row
from retention.core.models import Branch, User
from retention.core.roles import Role


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> Self:
        """Managers, analysts and API clients: lines of their branch and below. Others: customers they may see."""
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.MANAGER, Role.ANALYST}:
            return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
        return self.filter(subscriber__in=Subscriber.objects.visible_to(user))

    def for_billing(self) -> Self:
        """Those the customer said yes to, with all that the API tells, in one query."""
        return self.filter(state__in=TAKEN).select_related("offer", "subscriber", "accepted_by")

    def of_order(self, order_no: str) -> Self:
        """An order's decisions with all that its page shows, newest first."""
        return self.filter(order_no=order_no).for_history()

    def for_history(self) -> Self:
        return self.select_related("offer", "proposed_by", "accepted_by").order_by("-proposed_at", "-pk")

    def refused_and_left(self) -> Self:
        """Refused by billing, and the customer has been promised nothing else since."""
        later = Decision.objects.filter(
            subscriber=models.OuterRef("subscriber_id"),
            state__in=[State.ACCEPTED, State.CONFIRMED],
            accepted_at__gt=models.OuterRef("accepted_at"),
        )
        return self.filter(~models.Exists(later), state=State.REFUSED)


class DeclineReason(models.TextChoices):
    """Why the customer did not want an offer."""

    PRICE = "price", _("Too expensive")
    TERM = "term", _("Too long a commitment")
    NOT_NEEDED = "not_needed", _("Not needed")
    RIVAL = "rival", _("Has a better offer")
    LATER = "later", _("Wants to think about it")


class Decision(models.Model):
    """An offer put to the customer of one order, his answer and the billing system's.

    terms: what was offered, as it stood then. settled_at: when it was declined, withdrawn, confirmed or refused.
    """

    public_id = models.UUIDField(_("decision"), unique=True, default=uuid.uuid4, editable=False)
    order_no = models.CharField(_("order"), max_length=40)
    subscriber = to_row("customers.Subscriber", related_name="decisions", db_index=False)
    branch = to_row("core.Branch", related_name="decisions", db_index=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="decisions", verbose_name=_("offer"))
    offer_version = models.PositiveIntegerField()
    terms = models.JSONField(_("terms"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
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
                fields=["order_no", "offer"], condition=Q(state="proposed"), name="decision_proposed_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="decision_state_known"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(billing_ref=""), name="decision_confirmed_has_reference"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal_reason=""), name="decision_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=TAKEN, accepted_at__isnull=False)
                | ~Q(state__in=TAKEN) & Q(accepted_at__isnull=True),
                name="decision_taken_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="accepted"), name="decision_pending"),
            models.Index(fields=["settled_at"], condition=Q(state="refused"), name="decision_refused"),
            models.Index(fields=["order_no"], name="decision_of_order"),
            models.Index(fields=["subscriber", "-proposed_at"], name="decision_of_line"),
            models.Index(fields=["branch", "offer"], name="decision_of_branch"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
