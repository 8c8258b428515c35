"""What an offer may cost at most that a person gives alone, by role."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.offers.defaults import CEILINGS
from customers.facts.models import MONEY
from retention.core.accounts.roles import Role


class OfferCeiling(models.Model):
    """The ceiling of a role; roles without a row have the default. yuan: None for no limit."""

    role = models.CharField(_("role"), max_length=16, choices=Role.choices, unique=True)
    yuan = models.DecimalField(_("ceiling, yuan"), null=True, blank=True, **MONEY)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(yuan__gte=0), name="offer_ceiling_not_negative")]

    def __str__(self) -> str:
        return f"{self.role} {self.yuan}"


def ceilings() -> dict[str, Decimal | None]:
    """{role: yuan, None without a limit} of the roles that make or approve offers; one small query."""
    return CEILINGS | dict(OfferCeiling.objects.filter(role__in=CEILINGS).values_list("role", "yuan"))
