"""The lists of the group pages."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.groups.models import GroupLevel, GroupRisk, GroupSign
from customers.directory.tables import ClippedColumn
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    BarColumn,
    Column,
    DayColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    RiskColumn,
)
from retention.core.ui.tables.detail import DetailTable

LEVEL_TONES = {
    GroupLevel.CALM.value: ("good", "check"),
    GroupLevel.WATCH.value: ("warning", "eye"),
    GroupLevel.ALARM.value: ("bad", "alert-triangle"),
}
LEFT_WITHIN = timedelta(days=90)


def signs_of(risk: GroupRisk) -> list[str]:
    """Why the group is at its level, as sentences."""
    return [capfirst(str(GroupSign(sign).label)) for sign in risk.signs]


class GroupTable(BaseTable):
    group = ClippedColumn(accessor="group__name", verbose_name=_("Group"), orderable=False)
    kind = Column(accessor="group__get_kind_display", verbose_name=_("Kind"), orderable=False)
    level = BadgeColumn(verbose_name=_("Level"), orderable=False, tones=LEVEL_TONES)
    at_risk = MoneyColumn(
        accessor="seen_revenue_at_risk",
        verbose_name=_("Revenue at risk"),
        help_text=_("Monthly spend of each member times his churn probability, added up."),
    )
    why = Column(empty_values=(), verbose_name=_("Why"), orderable=False)
    since = DayColumn(verbose_name=_("Since"))
    members = NumberColumn(accessor="seen_members", verbose_name=_("Members"))
    left = NumberColumn(accessor="seen_left_90d", verbose_name=_("Left in 90 days"))
    forwarding = NumberColumn(
        accessor="seen_forwarding",
        verbose_name=_("Forwards to a competitor"),
        help_text=_("Members whose calls are forwarded to a number of another operator."),
    )
    spend_change = PercentColumn(accessor="seen_spend_change", verbose_name=_("Spend, change"))
    expected = NumberColumn(
        accessor="seen_expected_leavers",
        verbose_name=_("Expected leavers"),
        help_text=_("The members' churn probabilities, added up."),
        show="decimal",
    )
    spend = MoneyColumn(accessor="seen_spend", verbose_name=_("Monthly spend"))

    caption = _("Groups at risk")
    region_id = "groups"
    empty_title = _("No group is at risk")
    empty_text = _("Families of three and enterprise groups of five or more are judged each night.")

    class Meta(BaseTable.Meta):
        fields = ()

    def row_url(self, record: GroupRisk) -> str:
        return reverse("analytics:group", args=[record.group.group_no])

    def render_why(self, record: GroupRisk) -> SafeString:
        return format_html(
            '<ul class="list-unstyled m-0 rp-small text-nowrap">{}</ul>',
            format_html_join("", "<li>{}</li>", ((sign,) for sign in signs_of(record))),
        )

    def value_why(self, record: GroupRisk) -> str:
        return "; ".join(signs_of(record))


class OrderableTable(BaseTable):
    """A list of lines from which orders are opened; `orders_url` takes the ticked ones."""

    class Meta(BaseTable.Meta):
        fields = ()

    def __init__(self, *args: Any, user: User, orders_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.may("work.supervise"):
            self.bulk_actions = (
                {"value": "open", "label": pgettext_lazy("heading", "Open orders"), "icon": "headset"},
            )
            self.bulk_url = orders_url


class MemberTable(OrderableTable):
    subscriber_no = Column(verbose_name=_("Subscriber"))
    customer = ClippedColumn(accessor="account__customer__name", verbose_name=_("Customer"), orderable=False)
    branch = ClippedColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    status = Column(accessor="get_status_display", verbose_name=_("Status"), orderable=False)
    terminated_on = DayColumn(verbose_name=_("Left on"))
    tier = RiskColumn(accessor="profile__risk_tier", verbose_name=_("Risk tier"), orderable=False)
    chance = BarColumn(accessor="profile__risk_probability", verbose_name=_("Churn probability"))
    forwarded = NumberColumn(accessor="profile__forwarded_rival_recent", verbose_name=_("Forwarded to a competitor"))
    use_change = PercentColumn(accessor="profile__use_change", verbose_name=_("Total usage, change"))
    spend = MoneyColumn(accessor="profile__arpu", verbose_name=_("Monthly spend"))

    caption = _("Members")
    region_id = "members"

    def row_url(self, record: Subscriber) -> str:
        return reverse("customers:detail", args=[record.subscriber_no])


class SecondSimTable(OrderableTable):
    subscriber_no = Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"), orderable=False)
    customer = ClippedColumn(
        accessor="subscriber__account__customer__name", verbose_name=_("Customer"), orderable=False
    )
    branch = ClippedColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    calls_out = PercentColumn(accessor="calls_out_change", verbose_name=_("Outgoing calls, change"), orderable=False)
    calls_in = PercentColumn(accessor="calls_in_change", verbose_name=_("Incoming calls, change"), orderable=False)
    in_share = PercentColumn(verbose_name=_("Incoming share of calls"), orderable=False)
    risk_tier = RiskColumn(verbose_name=_("Risk tier"), orderable=False)
    risk_probability = BarColumn(verbose_name=_("Churn probability"), orderable=False)
    arpu = MoneyColumn(verbose_name=_("Monthly spend"), orderable=False)
    expected_gain = MoneyColumn(verbose_name=_("Expected gain"), orderable=False)

    caption = _("Second SIM suspected")
    region_id = "second-sim"
    empty_title = _("No line looks like a second SIM")
    empty_text = _("Listed are lines whose outgoing calls have fallen far more than their incoming ones.")

    def row_url(self, record: SubscriberProfile) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])


class LevelTable(DetailTable):
    """Levels of a group, newest night first."""

    as_of = DayColumn(verbose_name=_("Night"))
    level = BadgeColumn(verbose_name=_("Level"), tones=LEVEL_TONES)

    caption = _("How the level has changed")
    css = "rp-mini"
