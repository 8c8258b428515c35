"""The list of cohorts, what was kept by month, owner and branch, and the members."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.cohorts.queries import KEPT, Kept
from campaigns.cohorts.states import LOST_STATES, MemberState
from customers.cohorts.models import CohortMember
from customers.directory.tables import ClippedColumn
from customers.fields.choices import ValueBand
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    PhoneColumn,
    RiskColumn,
    SwitchColumn,
)
from retention.core.ui.tables.detail import DetailTable

STATE_TONES = {
    MemberState.KEPT: ("good", "circle-check"), MemberState.MOVED: ("info", "arrows-sort"),
    **dict.fromkeys(LOST_STATES, ("bad", "alert-circle")),
}  # fmt: skip
STATE_LABELS = {state.value: state.label for state in MemberState}


def members_url(code: str, **asked: object) -> str:
    """The members that a figure counts."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("cohorts:members", args=[code]) + (f"?{query}" if query else "")


class CohortTable(BaseTable):
    """Rows of views.listing."""

    name = Column(verbose_name=_("Name"))
    enabled = SwitchColumn()
    frozen_on = DayColumn(verbose_name=_("Frozen as of"))
    branch = Column(verbose_name=_("Branch"))
    members = NumberColumn(verbose_name=_("Members"))
    base = MoneyColumn(verbose_name=_("Base revenue"))
    unowned = NumberColumn(verbose_name=_("Without owner"))
    month = DayColumn(verbose_name=_("Month end"))
    share = PercentColumn(verbose_name=_("Base kept"))
    revenue_share = PercentColumn(verbose_name=pgettext_lazy("cohort", "Revenue kept"))

    caption = _("Snapshot cohorts")
    region_id = "cohorts"
    empty_title = _("No snapshot cohort yet")
    empty_text = _("Freeze the customers whose keeping is to be measured, and give each an owner.")

    def row_url(self, record: dict[str, Any]) -> str:
        return reverse("cohorts:cohort", args=[record["code"]])

    def render_members(self, value: int, record: dict[str, Any]) -> SafeString:
        return _figure(value, members_url(record["code"]))

    def render_unowned(self, value: int, record: dict[str, Any]) -> SafeString:
        return _figure(value, members_url(record["code"], owner="nobody", month="now"))


class _StateColumn(NumberColumn):
    """How many members stand in a state; the number opens them."""

    def __init__(self, state: MemberState) -> None:
        super().__init__(verbose_name=state.label, empty_values=(), orderable=False)
        self.state = state.value

    def render(self, record: dict[str, Any]) -> SafeString:  # type: ignore[override]  # a column takes what it names
        found: Kept = record["kept"]
        return _figure(found.states[self.state], record["url"](state=self.state))


class _KeptTable(DetailTable):
    """Rows {"title", "kept", "url": its members' address with further filters}."""

    title = Column(verbose_name="")
    members = NumberColumn(verbose_name=_("Members"), accessor="kept__members")
    share = PercentColumn(verbose_name=_("Base kept"), accessor="kept__share")
    kept_members = NumberColumn(verbose_name=_("Kept"), accessor="kept__kept")
    moved = _StateColumn(MemberState.MOVED)
    terminated = _StateColumn(MemberState.TERMINATED)
    ported_out = _StateColumn(MemberState.PORTED_OUT)
    number_reused = _StateColumn(MemberState.NUMBER_REUSED)
    handed_over = _StateColumn(MemberState.HANDED_OVER)
    base = MoneyColumn(verbose_name=_("Base revenue"), accessor="kept__base")
    revenue = MoneyColumn(verbose_name=_("Revenue of the month"), accessor="kept__revenue")
    revenue_share = PercentColumn(verbose_name=pgettext_lazy("cohort", "Revenue kept"), accessor="kept__revenue_share")

    css = "rp-mini"

    def __init__(self, rows: Sequence[dict[str, Any]]) -> None:
        super().__init__(rows)

    def render_members(self, value: int, record: dict[str, Any]) -> SafeString:
        return _figure(value, record["url"]())

    def render_kept_members(self, value: int, record: dict[str, Any]) -> SafeString:
        return _figure(value, record["url"](state=KEPT))


class MonthTable(_KeptTable):
    title = Column(verbose_name=_("Month end"))

    caption = _("Kept by month")


class OwnerTable(_KeptTable):
    title = Column(verbose_name=_("Owner"))

    caption = _("Kept by owner")


class BranchTable(_KeptTable):
    title = Column(verbose_name=_("Branch"))

    caption = _("Kept by branch")


class MemberTable(BaseTable):
    """Members of a cohort. code: of the cohort, for who may give them to another owner."""

    subscriber_no = Column(verbose_name=_("Subscriber"), accessor="subscriber__subscriber_no", orderable=False)
    customer = ClippedColumn(verbose_name=_("Customer"), accessor="customer__name", orderable=False)
    phone = PhoneColumn(verbose_name=_("Phone at freezing"), accessor="phone_number", orderable=False)
    branch = ClippedColumn(verbose_name=_("Branch at freezing"), accessor="branch__name", orderable=False)
    value_band = Column(verbose_name=_("Value at freezing"), orderable=False)
    base_revenue = MoneyColumn(verbose_name=_("Base revenue"))
    owner = Column(verbose_name=_("Owner"), accessor="owner__display_name", default="–", orderable=False)
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES, orderable=False)
    month_revenue = MoneyColumn(verbose_name=_("Revenue of the month"), orderable=False)
    tier = RiskColumn(verbose_name=_("Risk tier"), accessor="subscriber__profile__risk_tier", orderable=False)

    caption = _("Members of the cohort")
    region_id = "cohort-members"
    empty_title = _("No members")
    empty_text = _("Freeze the cohort: the lines that its rule holds for become its members.")

    class Meta(BaseTable.Meta):
        fields = ()

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if code:
            self.bulk_actions = ({"value": "give", "label": gettext("Give to an owner"), "icon": "users"},)
            self.bulk_url = reverse("cohorts:give", args=[code])

    def row_url(self, record: CohortMember) -> str | None:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])

    def render_owner(self, value: str, record: CohortMember) -> SafeString | str:
        """Leads to who answered for the line before."""
        if not self.bulk_url:
            return value
        return format_html(
            '<a href="{}">{}</a>', reverse("cohorts:member", args=[record.cohort.code, record.pk]), value
        )

    def value_owner(self, value: str) -> str:
        return value

    def render_value_band(self, value: str) -> str:
        return str(ValueBand(value).label)

    def render_state(self, value: str, column: Any, record: Any, bound_column: Any) -> SafeString:
        return BadgeColumn.render(column, STATE_LABELS[value], record, bound_column)

    def value_state(self, value: str) -> str:
        return str(STATE_LABELS[value])


class OwnMemberTable(MemberTable):
    """What one owns. Only customers on an order that one holds are opened by it: others are known by name alone."""

    cohort = Column(verbose_name=_("Snapshot cohort"), accessor="cohort__title", orderable=False)

    caption = _("My cohort members")
    empty_title = _("No members are yours")
    empty_text = _("A manager gives the members of a snapshot cohort to their owners.")

    def row_url(self, record: Any) -> str | None:
        return super().row_url(record) if record.is_open else None


class MemberMonthTable(DetailTable):
    month = DayColumn(verbose_name=_("Month end"))
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES, accessor="state")
    revenue = MoneyColumn(verbose_name=_("Revenue of the month"))

    caption = _("What has become of the line")
    css = "rp-mini"
    empty_text = _("No month end has been measured yet.")

    def render_state(self, column: Any, value: str, record: Any, bound_column: Any) -> SafeString:
        return BadgeColumn.render(column, STATE_LABELS[record.state], record, bound_column)


class HandoverTable(DetailTable):
    at = DayColumn(verbose_name=pgettext_lazy("history", "When"))
    owner = Column(verbose_name=_("Owner"), accessor="owner__display_name", default=_("nobody"))
    reason = Column(verbose_name=_("Reason"), accessor="get_reason_display")
    by = Column(verbose_name=_("By whom"), accessor="by__display_name", default="–")

    caption = _("Who answered for the line")
    css = "rp-mini"
    empty_text = _("Nobody has answered for it yet.")


def _figure(value: int, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, formats.number(value))
