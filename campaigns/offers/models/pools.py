"""How much of an offer there is: stock and budget, for the whole base or a branch, and who holds a piece of it."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.offers.models.decisions import Decision
from campaigns.offers.models.offers import Offer
from customers.facts.models import MONEY
from retention.core.accounts.models import Branch


class OfferPoolQuerySet(models.QuerySet["OfferPool"]):
    def covering(self, path: str) -> Self:
        """The pools that a line of the branch with this path takes from: of the whole base, of the branch, and of those
        above it."""
        codes = path.rstrip("/").split("/")
        above = ["/".join(codes[: place + 1]) + "/" for place in range(len(codes))]
        return self.filter(Q(branch=None) | Q(branch__path__in=above))

    def with_room(self, cost: Decimal) -> Self:
        """Those from which one more may be given that costs so much, yuan."""
        stock = Q(stock=None) | Q(held_units__lt=F("stock"))
        return self.filter(stock, Q(budget=None) | Q(held_yuan__lte=F("budget") - cost))


class OfferPool(models.Model):
    """What may be given of an offer. stock: units, budget: yuan, None for no limit. branch: None for the whole base.

    held_units, held_yuan: reserved by proposals or given; the sums of its reservations, changed with them in one
    transaction. The database refuses more than there is.
    """

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="pools")
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    stock = models.PositiveIntegerField(_("stock, units"), null=True, blank=True)
    budget = models.DecimalField(_("budget, yuan"), null=True, blank=True, **MONEY)
    held_units = models.PositiveIntegerField(_("units given or reserved"), default=0, editable=False)
    held_yuan = models.DecimalField(_("yuan given or reserved"), default=0, editable=False, **MONEY)

    objects = OfferPoolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "branch"], nulls_distinct=False, name="offer_pool_once"),
            models.CheckConstraint(
                condition=Q(stock=None) | Q(held_units__lte=F("stock")), name="offer_pool_stock_not_oversold"
            ),
            models.CheckConstraint(
                condition=Q(budget=None) | Q(held_yuan__lte=F("budget")), name="offer_pool_budget_not_oversold"
            ),
            models.CheckConstraint(condition=Q(held_yuan__gte=0), name="offer_pool_held_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.branch or ''}".strip()

    @property
    def units_left(self) -> int | None:
        return None if self.stock is None else self.stock - self.held_units

    @property
    def yuan_left(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.held_yuan


class Reservation(models.Model):
    """A piece of a pool that a decision holds: from its proposal until it is declined, withdrawn, denied, refused or
    over; kept when the offer is given. yuan: 0 for an offer that brings money."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="reservations")
    pool = models.ForeignKey(OfferPool, models.PROTECT, related_name="reservations")
    yuan = models.DecimalField(**MONEY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "pool"], name="offer_reserved_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.pool_id}"
