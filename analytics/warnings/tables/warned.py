"""The table of the warning list."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.warnings.queries import DEFAULT_ORDER, WarningLines
from analytics.warnings.tables.contacts import ContactTable
from customers.directory.tables import ClippedColumn, DirectoryData, type_columns
from customers.profile.models import SubscriberProfile
from customers.risk.text.reasons import Reason
from retention.core.ui import components, drawing, formats
from retention.core.ui.tables.columns import (
    BarColumn,
    Column,
    DueColumn,
    GainColumn,
    MoneyColumn,
    NumberColumn,
    RiskColumn,
)


class WarningTable(ContactTable):
    subscriber_no = Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"), orderable=False)
    customer = ClippedColumn(
        accessor="subscriber__account__customer__name", verbose_name=_("Customer"), orderable=False
    )
    branch = ClippedColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    risk_tier = RiskColumn(verbose_name=_("Risk tier"), orderable=False)
    risk_probability = BarColumn(verbose_name=_("Churn probability"), tone=lambda line: line.risk_tier)
    change = NumberColumn(
        empty_values=(),
        verbose_name=_("Since last month"),
        help_text=_("Churn probability now less that at the end of last month."),
        show="points",
        orderable=False,
    )
    expected_gain = GainColumn(
        verbose_name=_("Expected gain"), help_text=_("What a contact is expected to bring less what it costs, in yuan.")
    )
    first_reason = Column(accessor="reasons", verbose_name=_("First reason"), orderable=False)
    second_reason = Column(accessor="reasons", verbose_name=_("Second reason"), orderable=False)
    arpu = MoneyColumn(verbose_name=_("Monthly spend"))
    contract_ends_on = DueColumn(verbose_name=_("Contract ends"))
    what_if = Column(empty_values=(), verbose_name=_("What if"), orderable=False, exclude_from_export=True)

    caption = _("Churn warnings")
    region_id = "warnings"
    empty_title = _("No warnings")
    empty_text = _("No scored line is in the tiers medium, high or critical.")

    class Meta(ContactTable.Meta):
        sequence: tuple[str, ...] = ("...", "open_order", "last_contact", "next_call", "what_if")
        order_by = DEFAULT_ORDER
        row_attrs = {"class": lambda record, table: table.row_class(record)}

    def __init__(self, warned: WarningLines, **kwargs: Any) -> None:
        columns = type_columns(warned.line_type, profile="")
        super().__init__(DirectoryData(warned), extra_columns=columns, **kwargs)
        self.today, self.now, self.order = warned.today, warned.now, warned.order
        if warned.user.may("work.supervise"):
            self.bulk_actions = (
                {"value": "open", "label": pgettext_lazy("heading", "Open orders"), "icon": "headset"},
            )
            self.bulk_url = reverse("analytics:open-orders")

    def row_url(self, record: SubscriberProfile) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def row_class(self, record: SubscriberProfile) -> str:
        """In order of gain a line is drawn where contacts stop paying."""
        pays = record.expected_gain is not None and record.expected_gain > 0
        return "rp-row-costs" if self.order == DEFAULT_ORDER and not pays else ""

    def render_what_if(self, record: SubscriberProfile) -> SafeString:
        number = record.subscriber.subscriber_no
        label = _("What if: %(line)s") % {"line": number}
        url = reverse("analytics:what-if", args=[number])
        return format_html(
            '<a class="btn btn-ghost btn-icon" href="{}">{}</a>', url, components.icon("adjustments", label)
        )

    def render_change(self, record: SubscriberProfile) -> SafeString | str:
        if record.before is None:
            return formats.DASH
        return drawing.delta(round(record.risk_probability - record.before, 3), "down", "points", components.icon)

    def value_change(self, record: SubscriberProfile) -> float | None:
        return None if record.before is None else record.risk_probability - record.before

    def render_first_reason(self, value: list[Reason]) -> SafeString | str:
        return _reason(value, 0)

    def render_second_reason(self, value: list[Reason]) -> SafeString | str:
        return _reason(value, 1)

    def value_first_reason(self, value: list[Reason]) -> str:
        return _text(value, 0)

    def value_second_reason(self, value: list[Reason]) -> str:
        return _text(value, 1)


def _reason(reasons: list[Reason], place: int) -> SafeString | str:
    text = capfirst(_text(reasons, place))
    return format_html('<span class="rp-clip rp-clip-long" title="{0}">{0}</span>', text) if text else formats.DASH


def _text(reasons: list[Reason], place: int) -> str:
    return reasons[place].text if place < len(reasons) else ""
