from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.facts.models.base import MONEY, Fact


class LineType(models.TextChoices):
    MOBILE = "mobile", _("Mobile")
    BROADBAND = "broadband", _("Broadband")
    FIXED = "fixed", _("Fixed line")
    IPTV = "iptv", _("IPTV")
    WIRELESS_LANDLINE = "wireless_landline", _("Wireless landline")


class Plan(Fact):
    """A plan 套餐 with what its fee includes and what is charged beyond (rates in yuan per minute, MB, message).

    market: to whom it is sold. A catalogue that does not say sells to consumers, so no firm is offered such a plan.
    is_restricted: only for those who qualify, such as students. A rate that is null was not stated: it is not zero.
    """

    class Market(models.TextChoices):
        CONSUMER = "consumer", _("Consumers")
        BUSINESS = "business", _("Enterprises and government")
        ALL = "all", _("All customers")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    line_type = models.CharField(_("line type"), max_length=20, choices=LineType.choices)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    monthly_fee = models.DecimalField(_("monthly fee"), **MONEY)
    voice_minutes = models.IntegerField(_("voice minutes"), default=0)
    data_mb = models.IntegerField(_("data (MB)"), default=0)
    sms_count = models.IntegerField(_("messages"), default=0)
    voice_rate = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    data_rate = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    sms_rate = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    bandwidth_mbps = models.IntegerField(_("bandwidth (Mbps)"), null=True, blank=True)
    market = models.CharField(_("sold to"), max_length=10, choices=Market.choices, default=Market.CONSUMER)
    is_restricted = models.BooleanField(_("only for those who qualify"), default=False)
    is_bundle = models.BooleanField(_("bundle"), default=False)
    on_sale_from = models.DateField(null=True, blank=True)
    on_sale_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Product(Fact):
    """A value-added service 增值业务."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    category = models.CharField(_("category"), max_length=40)
    monthly_fee = models.DecimalField(_("monthly fee"), **MONEY)

    def __str__(self) -> str:
        return self.name


class Policy(Fact):
    """A policy 政策 under which contracts are signed: how many months, what is deposited and what is given."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    months = models.IntegerField(_("months"))
    deposit = models.DecimalField(_("deposit"), default=0, **MONEY)
    gift_value = models.DecimalField(_("gift value"), default=0, **MONEY)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return self.name
