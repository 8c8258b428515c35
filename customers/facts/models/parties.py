from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Collate, Reverse
from django.utils.translation import gettext_lazy as _

from customers.facts.models.base import MONEY, Fact


class Customer(Fact):
    """Customer 客户: a person, an enterprise, an office."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual")
        ENTERPRISE = "enterprise", _("Enterprise")
        GOVERNMENT = "government", _("Government")

    class Tier(models.TextChoices):
        NONE = "none", _("None")
        SILVER = "silver", _("Silver card")
        GOLD = "gold", _("Gold card")
        DIAMOND = "diamond", _("Diamond card")

    audit_key = "customer_no"

    customer_no = models.CharField(_("customer number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    gender = models.CharField(_("gender"), max_length=10, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    branch = models.ForeignKey("core.Branch", models.PROTECT, related_name="customers")
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.NONE)
    service_level = models.CharField(_("service level"), max_length=20, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=32, blank=True)
    email = models.CharField(_("e-mail"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    profiling_opt_out = models.BooleanField(_("opted out of profiling"), default=False)

    class Meta:
        indexes = [models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="customer_name_prefix")]

    def __str__(self) -> str:
        return self.customer_no


class _Matches(models.Lookup):
    lookup_name = "matches"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        words, params = self.process_lhs(compiler, connection)
        query, query_params = self.process_rhs(compiler, connection)
        return f"{words} @@ {query}::tsquery", (*params, *query_params)


class CustomerNameQuerySet(models.QuerySet["CustomerName"]):
    def matching(self, query: str) -> Self:
        """Names that a query of `name_words.name_query` finds."""
        return self.filter(_Matches(models.F("words"), models.Value(query, models.TextField())))


class CustomerName(models.Model):
    """A name that customers bear, with the words it is found by (customers.facts.name_index)."""

    name = models.CharField(max_length=120, primary_key=True)
    words = SearchVectorField()

    objects = CustomerNameQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="customer_name_words")]

    def __str__(self) -> str:
        return self.name


class Account(Fact):
    """Account 账户: the unit that is billed."""

    class PayMode(models.TextChoices):
        PREPAID = "prepaid", _("Prepaid")
        POSTPAID = "postpaid", _("Postpaid")

    account_no = models.CharField(_("account number"), max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="accounts")
    pay_mode = models.CharField(_("pay mode"), max_length=10, choices=PayMode.choices)
    credit_limit = models.DecimalField(_("credit limit"), null=True, blank=True, **MONEY)

    class Meta:
        indexes = [models.Index(Collate(Reverse("account_no"), "C"), name="account_no_ends")]

    def __str__(self) -> str:
        return self.account_no
