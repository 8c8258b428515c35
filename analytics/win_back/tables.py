"""The list of lines that left, and the rates by days since leaving."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.warnings.tables.contacts import ContactTable
from analytics.win_back.queries import DEFAULT_ORDER, LeftLines
from analytics.win_back.rules import WinBackRate
from analytics.win_back.text import format_days_since, format_interval
from campaigns.offers.models import Offer
from customers.directory.tables import ClippedColumn, DirectoryData
from customers.fields import FIELDS
from customers.fields.text import format_code
from customers.profile.models import LeaverProfile
from retention.core.ui import formats
from retention.core.ui.tables.columns import Column, DayColumn, MoneyColumn, NumberColumn, PercentColumn, PhoneColumn
from retention.core.ui.tables.detail import DetailTable


class LeftTable(ContactTable):
    subscriber_no = Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"), orderable=False)
    customer = ClippedColumn(
        accessor="subscriber__account__customer__name", verbose_name=_("Customer"), orderable=False
    )
    call_number = PhoneColumn(
        verbose_name=_("Number to call"),
        help_text=_("The line's own where it was ported out, else the customer's contact phone."),
        orderable=False,
    )
    branch = ClippedColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    line_type = Column(verbose_name=_("Line type"), orderable=False)
    left_on = DayColumn(accessor="subscriber__terminated_on", verbose_name=_("Left on"), orderable=False)
    days_since_left = NumberColumn(
        verbose_name=_("Days since leaving"), help_text=_("Whole days from leaving to the last night.")
    )
    left_reason = Column(verbose_name=_("Reason of leaving"), orderable=False)
    said = Column(
        empty_values=(),
        verbose_name=_("Reason given"),
        help_text=_("What the customer said when the line was to be terminated, or on a call since."),
        orderable=False,
    )
    left_spend = MoneyColumn(
        verbose_name=_("Monthly spend before leaving"),
        help_text=_("Mean of its bills of the last six months; of prepaid lines the fee of the plan."),
    )
    offers = Column(
        empty_values=(),
        verbose_name=_("Offers that fit"),
        help_text=_("On sale and for lines like this. Stock and earlier offers are checked when it is made."),
        orderable=False,
    )

    caption = _("Lines that left")
    region_id = "left-lines"
    empty_title = _("No line that left can be won back")
    empty_text = _("Listed is who left by choice in the last 180 days and can still be called.")

    class Meta(ContactTable.Meta):
        order_by = DEFAULT_ORDER

    def __init__(self, left: LeftLines, **kwargs: Any) -> None:
        super().__init__(DirectoryData(left), **kwargs)
        self.today, self.now = left.today, left.now
        if left.user.may("work.supervise"):
            self.bulk_actions = (
                {"value": "open", "label": pgettext_lazy("heading", "Open orders"), "icon": "headset"},
            )
            self.bulk_url = reverse("analytics:win-back-orders")

    def row_url(self, record: LeaverProfile) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_line_type(self, value: str) -> str:
        return format_code(FIELDS["line_type"], value)

    def value_line_type(self, value: str) -> str:
        return format_code(FIELDS["line_type"], value)

    def render_left_reason(self, value: str) -> str:
        return format_code(FIELDS["left_reason"], value)

    def value_left_reason(self, value: str) -> str:
        return format_code(FIELDS["left_reason"], value)

    def render_said(self, value: str) -> str:
        return value or formats.DASH

    def value_said(self, value: str) -> str:
        return value

    def render_offers(self, value: Sequence[Offer]) -> SafeString | str:
        text = _titles(value)
        return format_html('<span class="rp-clip" title="{0}">{0}</span>', text) if text else formats.DASH

    def value_offers(self, value: Sequence[Offer]) -> str:
        return _titles(value)


def _titles(offers: Sequence[Offer]) -> str:
    return "; ".join(offer.title for offer in offers)


class RateTable(DetailTable):
    """Win-back rates by days since leaving; each row leads to the lines that left so long ago."""

    days = Column(verbose_name=_("Since leaving"))
    orders = NumberColumn(
        verbose_name=_("Orders worked to their end"),
        help_text=_("Win-back orders that were completed; cancelled ones are not counted."),
    )
    won = NumberColumn(verbose_name=_("Won back"), help_text=_("Of these the orders whose customer took the offer."))
    rate = PercentColumn(verbose_name=_("Win-back rate"), help_text=_("Won back, of the orders worked to their end."))
    interval = Column(empty_values=(), verbose_name=_("95 % interval"))

    caption = _("Win-back rates by days since leaving")
    css = "rp-mini"

    def row_url(self, record: WinBackRate) -> str:
        return f"{reverse('analytics:win-back')}?since={record.days.key}"

    def render_days(self, record: WinBackRate) -> str:
        return format_days_since(record.days)

    def render_interval(self, record: WinBackRate) -> str:
        return formats.DASH if record.rate is None else format_interval(record)
