"""The table of the home page."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from customers.profile.models import SubscriberProfile
from retention.core.ui import components
from retention.core.ui.tables.columns import Column, MoneyColumn
from retention.core.ui.tables.detail import DetailTable


class AtRiskTable(DetailTable):
    """Profiles of queries.at_risk."""

    subscriber_no = Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"))
    customer = Column(accessor="subscriber__account__customer__name", verbose_name=_("Customer"))
    plan = Column(accessor="subscriber__plan__name", verbose_name=_("Plan"))
    branch = Column(accessor="branch__name", verbose_name=_("Branch"))
    arpu = MoneyColumn(verbose_name=_("Monthly spend"))
    risk_tier = Column(verbose_name=_("Risk"))
    expected_gain = MoneyColumn(verbose_name=_("Expected gain"))

    caption = _("Best calls today")

    def row_url(self, record: SubscriberProfile) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_risk_tier(self, record: Any) -> SafeString:
        return components.risk_badge(record.risk_tier, record.risk_probability)
