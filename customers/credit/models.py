from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.credit.rules import CreditLevel, Unrated
from customers.facts.models import Account, unchecked_foreign_key


class Credit(models.Model):
    """A score with its reasons. card: the pay mode whose card gave the points. why: why there is no score.

    points: {factor: points}, empty without a score; they add up to `score`.
    """

    as_of = models.DateField(_("as of"))
    card = models.CharField(_("pay mode"), max_length=10, choices=Account.PayMode.choices)
    score = models.SmallIntegerField(_("credit score"), null=True)
    level = models.CharField(_("credit level"), max_length=10, choices=CreditLevel.choices)
    why = models.CharField(_("reason"), max_length=10, choices=Unrated.choices, blank=True)
    points = models.JSONField(default=dict)

    class Meta:
        abstract = True


class AccountCredit(Credit):
    """The credit of an account in use, of the newest profile. Written only by customers.credit.services.

    measured: {name: number} of what the points stand on, with the counts and sums behind it.
    """

    computed_from_facts: ClassVar[Q] = Q()

    account = models.OneToOneField(
        "customers.Account", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="credit"
    )
    measured = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"credit of {self.account_id}"


class CreditChangeQuerySet(models.QuerySet["CreditChange"]):
    def for_360(self, account_id: int) -> Self:
        """Newest first."""
        return self.filter(account=account_id).order_by("-as_of")


class CreditChange(Credit):
    """What the credit of an account was from a date on: a row for each night that changed score or points."""

    computed_from_facts: ClassVar[Q] = Q()

    account = unchecked_foreign_key("customers.Account", related_name="credit_changes", db_index=False)

    objects = CreditChangeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "as_of"], name="credit_change_key")]
        # A night that is done again finds what it wrote without reading the history of every account.
        indexes = [models.Index(fields=["as_of"], name="credit_change_night")]

    def __str__(self) -> str:
        return f"credit of {self.account_id} from {self.as_of}"
