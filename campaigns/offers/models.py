"""Offers, and decisions on them by customers and the billing system."""

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules.parser import as_json
from campaigns.offers.eligibility import Judged, judge, most_valuable_first
from campaigns.offers.rules import parse_offer_rule
from campaigns.offers.states import ACCEPTED_STATES, State
from campaigns.offers.tariffs import Amounts
from customers.facts.models import MONEY, Plan, Policy, Subscriber, unchecked_foreign_key
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.api.models import ApiClient
from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet


class OfferQuerySet(ManagedQuerySet["Offer"]):
    def on_sale(self, on: date) -> Self:
        """Enabled, within their own dates and those of what they refer to."""
        return self.filter(
            _open("valid_from", "valid_until", on),
            Q(policy=None) | _open("policy__starts_on", "policy__ends_on", on),
            Q(plan=None) | _open("plan__on_sale_from", "plan__on_sale_until", on),
            enabled=True,
        )

    def judged_for(self, *, subscriber_id: int, on: date) -> "list[Judged[Offer]]":
        """Every offer that is on sale on a day: those the line may be made first, the most valuable to it leading; each
        other with the reasons against it. All rules are judged by one statement over the line's profile.
        """
        offers = self.on_sale(on).select_related("policy", "plan", "branch").order_by("code")
        return sorted(judge(list(offers), subscriber_id=subscriber_id), key=most_valuable_first)

    def eligible_for(self, *, subscriber_id: int, on: date) -> "list[Judged[Offer]]":
        """The offers a line may be made on a day, the most valuable to the customer first."""
        return [one for one in self.judged_for(subscriber_id=subscriber_id, on=on) if one.is_eligible]

    def for_list(self) -> Self:
        """All that the list shows, with how often each was proposed, accepted and confirmed."""
        return self.select_related("policy", "plan", "branch").order_by("-enabled", "kind", "code")

    def counted(self, decisions: "models.QuerySet") -> Self:
        """With `proposed`, `accepted`, `confirmed`, `refused` counted over `decisions` (what one person may see)."""
        of_offer = decisions.filter(offer=OuterRef("pk")).order_by().values("offer")
        taken = Q(accepted_at__isnull=False)
        counts = {
            "proposed": Count("pk"),
            "accepted": Count("pk", filter=taken),
            "confirmed": Count("pk", filter=Q(state="confirmed")),
            "refused": Count("pk", filter=Q(state="refused")),
        }
        found = {name: Subquery(of_offer.annotate(n=count).values("n")) for name, count in counts.items()}
        zero = Value(0)
        return self.annotate(**{name: models.functions.Coalesce(one, zero) for name, one in found.items()})


def _open(first: str, last: str, on: date) -> Q:
    """Whether the day lies between two dates that may be empty."""
    begun = Q(**{first: None}) | Q(**{f"{first}__lte": on})
    return begun & (Q(**{last: None}) | Q(**{f"{last}__gte": on}))


# How long a new plan is reckoned with where nobody says.
TERM_MONTHS, LONGEST_TERM = 12, 60
TERMS_OF_KIND = {"renewal": ("policy",), "plan_change": ("plan",), "gift": ("gift", "gift_zh")}


class Offer(Managed):
    """Something an agent may give to keep a customer 优惠: a renewal, another plan, a gift; to whom is its rule.

    value, cost: what the customer gets and what we spend once, in yuan, besides what follows from the tariffs
    (campaigns.offers.tariffs). months: how long a plan change lasts; a renewal has the term of its policy. A change is
    a new version; decisions keep the terms they were made with.
    """

    class Kind(models.TextChoices):
        RENEWAL = "renewal", _("Contract renewal")
        PLAN_CHANGE = "plan_change", _("Plan change")
        GIFT = "gift", _("Gift")

    editable = (
        "name", "name_zh", "kind", "policy", "plan", "months", "gift", "gift_zh", "value", "cost", "pitch", "pitch_zh",
        "rule", "valid_from", "valid_until", "branch",
    )  # fmt: skip
    view_permission, edit_permission = "offers.view", "offers.edit"

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("policy")
    )
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("plan"))
    months = models.PositiveSmallIntegerField(_("term in months"), default=TERM_MONTHS)
    gift = models.CharField(_("gift"), max_length=120, blank=True)
    gift_zh = models.CharField(_("gift (Chinese)"), max_length=120, blank=True)
    value = models.DecimalField(_("one-off worth to the customer"), default=0, **MONEY)
    cost = models.DecimalField(_("one-off cost"), default=0, **MONEY)
    pitch = models.TextField(_("what the agent says"), blank=True)
    pitch_zh = models.TextField(_("what the agent says (Chinese)"), blank=True)
    rule = models.JSONField(_("rule"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.CheckConstraint(
                name="offer_on_has_terms",
                condition=Q(enabled=False)
                | Q(kind="renewal", policy__isnull=False)
                | Q(kind="plan_change", plan__isnull=False)
                | Q(kind="gift") & ~Q(gift=""),
            ),
            models.CheckConstraint(condition=Q(value__gte=0, cost__gte=0), name="offer_money_not_negative"),
        ]

    @property
    def talk(self) -> str:
        return pick(self.pitch, self.pitch_zh)

    @property
    def has_terms(self) -> bool:
        """Whether the offer can be given: the fields that its kind requires are filled in."""
        return bool({"renewal": self.policy_id, "plan_change": self.plan_id, "gift": self.gift}[self.kind])

    def normalize(self) -> None:
        """Keep the terms of the kind alone, and the rule as it is stored."""
        self.rule = as_json(parse_offer_rule(self.rule, typed=True))
        for kind, names in TERMS_OF_KIND.items():
            if kind != self.kind:
                for name in names:
                    setattr(self, name, "" if name.startswith("gift") else None)
        self._require_terms()
        if self.kind != self.Kind.PLAN_CHANGE:
            self.months = TERM_MONTHS
        elif not self.months or not 1 <= self.months <= LONGEST_TERM:
            message = _("A plan change lasts 1 to %(most)d months.") % {"most": LONGEST_TERM}
            raise _invalid("months", "required", message)
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise _invalid("valid_until", "order", _("The last day lies before the first."))
        if self.value < 0 or self.cost < 0:
            raise _invalid("value" if self.value < 0 else "cost", "negative", _("An amount may not be negative."))

    def check_ready(self) -> None:
        parse_offer_rule(self.rule)
        self._require_terms()

    def _require_terms(self) -> None:
        if not self.has_terms:
            raise _invalid(TERMS_OF_KIND[self.kind][0], "required", _("Enter what the customer gets."))

    def terms(self) -> dict[str, Any]:
        """The benefit, as the billing system carries it out; decisions keep a copy."""
        found: dict[str, Any] = {}
        if self.policy:
            found |= {
                "policy_code": self.policy.code,
                "policy_name": self.policy.name,
                "months": self.policy.months,
                "deposit": str(self.policy.deposit),
                "gift_value": str(self.policy.gift_value),
            }
        if self.plan:
            found |= {
                "plan_code": self.plan.code,
                "plan_name": self.plan.name,
                "monthly_fee": str(self.plan.monthly_fee),
                "months": self.months,
            }
        if self.gift:
            found |= {"gift": self.gift, "gift_zh": self.gift_zh}
        return found

    def terms_for(self, amounts: Amounts) -> dict[str, Any]:
        """The terms with what they are worth to one line and cost us, over the term, in yuan."""
        return {"value": str(amounts.worth), "cost": str(amounts.cost)} | self.terms()


def _invalid(field: str, code: str, message: object) -> Invalid:
    return Invalid(str(message), details=[{"field": field, "code": code, "message": str(message)}])


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
        return self.select_related("offer", "proposed_by", "accepted_by").order_by("-proposed_at", "-pk")

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

    terms: what was offered, as it stood then. settled_at: when it was declined, withdrawn, confirmed or refused.
    """

    public_id = models.UUIDField(_("decision"), unique=True, default=uuid.uuid4, editable=False)
    order_no = models.CharField(_("order"), max_length=40)
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="decisions", db_index=False)
    branch = unchecked_foreign_key("core.Branch", related_name="decisions", db_index=False)
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
                condition=Q(state__in=ACCEPTED_STATES, accepted_at__isnull=False)
                | ~Q(state__in=ACCEPTED_STATES) & Q(accepted_at__isnull=True),
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
