"""Offers: what an agent may give to keep a customer, to whom, and for how much."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum, Value
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules.parser import as_json
from campaigns.offers.families import PREPAID_FAMILIES, USUAL_FAMILY, Family, Kind, kind_of
from campaigns.offers.rules import parse_offer_rule
from campaigns.offers.states import GIVEN_STATES, State
from campaigns.offers.tariffs import Amounts
from customers.facts.models import MONEY, Plan, Policy
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

    def for_list(self) -> Self:
        """All that the list shows but the counts."""
        return self.select_related("policy", "plan", "branch").order_by("-enabled", "family", "code")

    def counted(self, decisions: "models.QuerySet") -> Self:
        """With `proposed`, `accepted`, `confirmed`, `refused` counted over `decisions` (what one person may see), and
        `spent`: the cost of those accepted and not refused by billing, yuan.
        """
        of_offer = decisions.filter(offer=OuterRef("pk")).order_by().values("offer")
        taken = Q(accepted_at__isnull=False)
        counts: dict[str, Any] = {
            "proposed": Count("pk", filter=~Q(state__in=[State.REQUESTED, State.DENIED])),
            "accepted": Count("pk", filter=taken),
            "confirmed": Count("pk", filter=Q(state=State.CONFIRMED)),
            "refused": Count("pk", filter=Q(state=State.REFUSED)),
            "spent": Sum("cost", filter=Q(state__in=GIVEN_STATES)),
        }
        found = {name: Subquery(of_offer.annotate(n=count).values("n")) for name, count in counts.items()}
        nothing = {"spent": Value(0, models.DecimalField())}
        return self.annotate(
            **{name: models.functions.Coalesce(one, nothing.get(name, Value(0))) for name, one in found.items()}
        )


def _open(first: str, last: str, on: date) -> Q:
    """Whether the day lies between two dates that may be empty."""
    begun = Q(**{first: None}) | Q(**{f"{first}__lte": on})
    return begun & (Q(**{last: None}) | Q(**{f"{last}__gte": on}))


# How long a new plan is reckoned with where nobody says.
TERM_MONTHS, LONGEST_TERM = 12, 60
TERMS_OF_KIND = {"renewal": ("policy",), "plan_change": ("plan",), "gift": ("gift", "gift_zh")}


class Offer(Managed):
    """Something an agent may give to keep a customer 优惠: a renewal, another plan, a gift; to whom is its rule.

    kind follows from family. value, cost: what the customer gets and what we spend once, in yuan, besides what follows
    from the tariffs (campaigns.offers.tariffs); handling_cost: of carrying it out. months: how long a plan change
    lasts; a renewal has the term of its policy. deposit: paid by the customer in advance. bound_months, clawback: how
    long the customer is bound and what who leaves earlier repays, less in proportion to the months served.
    repeat_months: nobody is offered one of the family again within so many months of accepting one, 0 for no limit.
    asked, taken: customers who accepted or declined it until the last night, and those who accepted.
    A change is a new version; decisions keep the terms they were made with.
    """

    Kind = Kind

    editable = (
        "name", "name_zh", "family", "policy", "plan", "months", "gift", "gift_zh", "deposit", "value", "cost",
        "handling_cost", "bound_months", "clawback", "repeat_months", "pitch", "pitch_zh", "rule", "valid_from",
        "valid_until", "branch",
    )  # fmt: skip
    view_permission, edit_permission = "offers.view", "offers.edit"

    family = models.CharField(_("family"), max_length=14, choices=Family.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("policy")
    )
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("plan"))
    months = models.PositiveSmallIntegerField(_("term in months"), default=TERM_MONTHS)
    gift = models.CharField(_("gift"), max_length=120, blank=True)
    gift_zh = models.CharField(_("gift (Chinese)"), max_length=120, blank=True)
    deposit = models.DecimalField(_("deposit"), default=0, **MONEY)
    value = models.DecimalField(_("one-off worth to the customer"), default=0, **MONEY)
    cost = models.DecimalField(_("one-off cost"), default=0, **MONEY)
    handling_cost = models.DecimalField(_("handling cost"), default=0, **MONEY)
    bound_months = models.PositiveSmallIntegerField(_("months bound"), default=0)
    clawback = models.DecimalField(_("claw-back"), default=0, **MONEY)
    repeat_months = models.PositiveSmallIntegerField(_("not again within months"), default=0)
    pitch = models.TextField(_("what the agent says"), blank=True)
    pitch_zh = models.TextField(_("what the agent says (Chinese)"), blank=True)
    rule = models.JSONField(_("rule"))
    asked = models.PositiveIntegerField(_("customers who answered"), default=0, editable=False)
    taken = models.PositiveIntegerField(_("of these accepted"), default=0, editable=False)
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A row of which only the kind is given is of its usual family; else the kind follows from the family."""
        if not self.family:
            self.family = USUAL_FAMILY[self.kind]
        self.kind = kind_of(self.family)
        super().save(*args, **kwargs)

    @property
    def talk(self) -> str:
        return pick(self.pitch, self.pitch_zh)

    @property
    def has_terms(self) -> bool:
        """Whether the offer can be given: the fields that its kind requires are filled in."""
        return bool({"renewal": self.policy_id, "plan_change": self.plan_id, "gift": self.gift}[self.kind])

    @property
    def term(self) -> int:
        """Months over which the amounts of the tariffs run: of the plan change or the policy; 0 for a gift."""
        if self.kind == Kind.PLAN_CHANGE:
            return self.months
        return self.policy.months if self.policy else 0

    def normalize(self) -> None:
        """Keep the terms of the kind alone, and the rule as it is stored."""
        self.rule = as_json(parse_offer_rule(self.rule, typed=True))
        self.kind = kind_of(self.family)
        for kind, names in TERMS_OF_KIND.items():
            if kind != self.kind:
                for name in names:
                    setattr(self, name, "" if name.startswith("gift") else None)
        if self.family not in PREPAID_FAMILIES:
            self.deposit = 0
        self._require_terms()
        self._check_numbers()
        if self.kind != Kind.PLAN_CHANGE:
            self.months = TERM_MONTHS
        elif not self.months or not 1 <= self.months <= LONGEST_TERM:
            message = _("A plan change lasts 1 to %(most)d months.") % {"most": LONGEST_TERM}
            raise _invalid("months", "required", message)
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise _invalid("valid_until", "order", _("The last day lies before the first."))

    def _check_numbers(self) -> None:
        for name in ("value", "cost", "handling_cost", "clawback", "deposit"):
            if getattr(self, name) < 0:
                raise _invalid(name, "negative", _("An amount may not be negative."))
        if self.clawback and not self.bound_months:
            raise _invalid("bound_months", "required", _("Say for how many months the customer is bound."))

    def check_ready(self) -> None:
        parse_offer_rule(self.rule)
        self._require_terms()

    def _require_terms(self) -> None:
        if not self.has_terms:
            raise _invalid(TERMS_OF_KIND[self.kind][0], "required", _("Enter what the customer gets."))
        if self.family == Family.DEPOSIT_GIFT and not self.deposit:
            raise _invalid("deposit", "required", _("Enter what the customer pays in advance."))

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
        if self.deposit:
            found["deposit"] = str(self.deposit)
        if self.bound_months:
            found |= {"bound_months": self.bound_months, "clawback": str(self.clawback)}
        return found

    def terms_for(self, amounts: Amounts) -> dict[str, Any]:
        """The terms with what they are worth to one line and cost us, over the term, in yuan."""
        return {"value": str(amounts.worth), "cost": str(amounts.cost)} | self.terms()


def _invalid(field: str, code: str, message: object) -> Invalid:
    return Invalid(str(message), details=[{"field": field, "code": code, "message": str(message)}])
