"""The lists of the circle pages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.circles.models import Circle, CircleMember
from customers.directory.tables import ClippedColumn
from customers.fields.choices import CircleKind
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, PercentColumn

KIND_TONES = {
    CircleKind.HOUSEHOLD.value: ("info", "home"),
    CircleKind.SMALL_GROUP.value: ("neutral", "users-group"),
    CircleKind.ENTERPRISE.value: ("neutral", "building"),
}


class CircleTable(BaseTable):
    pk = Column(verbose_name=_("Circle"))
    kind = BadgeColumn(verbose_name=_("Kind"), orderable=False, tones=KIND_TONES)
    branch = ClippedColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    lines = NumberColumn(verbose_name=_("Lines"))
    mobiles = NumberColumn(verbose_name=_("Mobile"))
    broadbands = NumberColumn(verbose_name=_("Broadband"))
    spend = MoneyColumn(verbose_name=_("Monthly spend"))
    rival_share = PercentColumn(verbose_name=_("Contacts on other networks"), orderable=False)
    left_90d = NumberColumn(verbose_name=_("Left in 90 days"))
    bundle_reason = Column(accessor="get_bundle_reason_display", verbose_name=_("Why a bundle suits"), orderable=False)
    plan = ClippedColumn(accessor="bundle_plan__name", verbose_name=_("Bundle"), orderable=False)
    paid = MoneyColumn(verbose_name=_("Paid now"))
    bundle_cost = MoneyColumn(verbose_name=_("Bundle costs"))
    bundle_saving = MoneyColumn(verbose_name=_("Saving"))
    since = DayColumn(verbose_name=_("Since"))

    caption = _("Circles")
    region_id = "circles"
    empty_title = _("No circles")
    empty_text = _("Circles are made the night after a month's contacts have come.")

    class Meta(BaseTable.Meta):
        fields = ()

    def row_url(self, record: Circle) -> str:
        return reverse("analytics:circle", args=[record.pk])


class CircleMemberTable(BaseTable):
    subscriber_no = Column(accessor="subscriber__subscriber_no", verbose_name=_("Subscriber"))
    customer = ClippedColumn(
        accessor="subscriber__account__customer__name", verbose_name=_("Customer"), orderable=False
    )
    branch = ClippedColumn(accessor="subscriber__branch__name", verbose_name=_("Branch"), orderable=False)
    line_type = Column(accessor="subscriber__get_line_type_display", verbose_name=_("Line type"), orderable=False)
    plan = ClippedColumn(accessor="subscriber__plan__name", verbose_name=_("Plan"), orderable=False)
    status = Column(accessor="subscriber__get_status_display", verbose_name=_("Status"), orderable=False)
    terminated_on = DayColumn(accessor="subscriber__terminated_on", verbose_name=_("Left on"), orderable=False)
    bundle_no = Column(accessor="subscriber__bundle_no", verbose_name=_("Bundle number"), orderable=False)
    arpu = MoneyColumn(accessor="subscriber__profile__arpu", verbose_name=_("Monthly spend"))
    since = DayColumn(verbose_name=_("In the circle since"))
    until = DayColumn(verbose_name=_("Until"))

    caption = _("Lines of the circle")
    region_id = "circle-lines"

    class Meta(BaseTable.Meta):
        fields = ()

    def row_url(self, record: CircleMember) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])
