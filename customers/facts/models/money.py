from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.facts.models.base import MONEY, Fact, unchecked_foreign_key


class Bill(Fact):
    """One line's month in yuan, by component. Monthly partitions."""

    dated_by = "month"
    partitioned = True

    pk = models.CompositePrimaryKey("subscriber_id", "month")
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="bills", db_index=False)
    month = models.DateField(_("month"))
    plan_fee = models.DecimalField(_("plan fee"), **MONEY)
    voice = models.DecimalField(_("voice"), default=0, **MONEY)
    data = models.DecimalField(_("data"), default=0, **MONEY)
    sms = models.DecimalField(_("messages"), default=0, **MONEY)
    vas = models.DecimalField(_("value-added services"), default=0, **MONEY)
    roaming = models.DecimalField(_("roaming"), default=0, **MONEY)
    other = models.DecimalField(_("other"), default=0, **MONEY)
    discount = models.DecimalField(_("discount"), default=0, **MONEY)
    total = models.DecimalField(_("total"), **MONEY)
    due_on = models.DateField(_("due"), null=True, blank=True)
    paid_on = models.DateField(_("paid"), null=True, blank=True)


class Payment(Fact):
    dated_by = "paid_at"

    payment_no = models.CharField(_("payment number"), max_length=40, unique=True)
    account = unchecked_foreign_key("customers.Account", related_name="payments", db_index=False)
    paid_at = models.DateTimeField(_("paid"))
    amount = models.DecimalField(_("amount"), **MONEY)
    channel = models.CharField(_("channel"), max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "paid_at"], name="payment_of_account")]


class Balance(Fact):
    """Balances of an account on a day. Monthly partitions."""

    dated_by = "day"
    partitioned = True

    pk = models.CompositePrimaryKey("account_id", "day")
    account = unchecked_foreign_key("customers.Account", related_name="balances", db_index=False)
    day = models.DateField(_("day"))
    balance = models.DecimalField(_("balance"), **MONEY)
    arrears = models.DecimalField(_("arrears"), default=0, **MONEY)
    deposit = models.DecimalField(_("deposit"), default=0, **MONEY)


class PointEntry(Fact):
    """Points 积分 earned (+) or redeemed (-)."""

    dated_by = "at"

    entry_no = models.CharField(max_length=40, unique=True)
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="point_entries", db_index=False)
    at = models.DateTimeField()
    points = models.IntegerField()
    reason = models.CharField(max_length=40)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subscriber", "at"], name="points_of_subscriber")]
