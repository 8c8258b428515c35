"""Lists over campaigns: all of them, the plan, the weeks of the calendar."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.campaigns.models import Campaign
from campaigns.campaigns.queries.plans import PlanLine
from campaigns.campaigns.text import STATE_TONES
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
)


class CampaignTable(BaseTable):
    """Campaigns with `for_list()`."""

    title = Column(verbose_name=_("Name"), order_by=("name", "code"))
    state = BadgeColumn(verbose_name=_("State"), tones=STATE_TONES)
    branch = Column(verbose_name=_("Branch"), accessor="branch", default=_("The whole base"), orderable=False)
    owner = Column(verbose_name=_("Owner"), accessor="owner__display_name", orderable=False)
    starts_on = DayColumn(verbose_name=_("First day"))
    ends_on = DayColumn(verbose_name=_("Last day"))
    members_count = NumberColumn(verbose_name=_("Members"))
    treated_count = NumberColumn(verbose_name=_("Treated"))
    opened = NumberColumn(verbose_name=_("Orders opened"))
    budget = MoneyColumn(verbose_name=_("Budget"))

    caption = _("Campaigns")
    region_id = "campaigns"
    empty_title = _("No campaign yet")
    empty_text = _("Plan one: for whom, against which control group, with what, and by when.")

    def row_url(self, record: Campaign) -> str:
        return reverse("campaign:campaign", args=[record.code])


class PlanTable(BaseTable):
    """Rows are queries.plans.PlanLine."""

    plan = Column(verbose_name=_("Quarter"), orderable=False)
    goal = Column(verbose_name=_("Goal"), accessor="plan__goal", orderable=False)
    campaigns = Column(verbose_name=_("Campaigns"), orderable=False)
    planned_kept = NumberColumn(verbose_name=_("Customers to keep"), accessor="plan__planned_kept", orderable=False)
    planned = NumberColumn(verbose_name=_("Planned by campaigns"), orderable=False)
    budget = MoneyColumn(verbose_name=_("Budget"), accessor="plan__budget", orderable=False)
    budgeted = MoneyColumn(verbose_name=_("Given to campaigns"), orderable=False)
    used = MoneyColumn(verbose_name=pgettext_lazy("budget", "Used"), orderable=False)
    share = PercentColumn(verbose_name=_("Share used"), orderable=False)

    caption = _("Campaign plan")
    region_id = "plan"
    empty_title = _("Nothing planned yet")
    empty_text = _("Set a goal and a budget for a branch and a quarter; campaigns then belong to it.")

    def __init__(self, *args: Any, may_edit: bool = False, **kwargs: Any) -> None:
        self.may_edit = may_edit
        super().__init__(*args, **kwargs)

    def row_url(self, record: PlanLine) -> str | None:
        return reverse("campaign:plan-edit", args=[record.plan.pk]) if self.may_edit else None

    def render_plan(self, record: PlanLine) -> str:
        return str(record.plan)

    def render_campaigns(self, value: list[Campaign]) -> SafeString:
        return campaign_links(value)

    def value_campaigns(self, value: list[Campaign]) -> str:
        return ", ".join(one.title for one in value)


class WeekTable(BaseTable):
    """Rows are queries.calendars.CampaignWeek."""

    first = DayColumn(verbose_name=_("Week from"), orderable=False)
    campaigns = Column(verbose_name=_("Campaigns"), orderable=False)
    contacts = NumberColumn(verbose_name=_("Contacts planned"), orderable=False)
    load = PercentColumn(verbose_name=_("Of the agents' week"), orderable=False)
    share = PercentColumn(verbose_name=_("Of the customers"), orderable=False)
    unknown = NumberColumn(verbose_name=_("Not tested yet"), orderable=False)

    caption = _("Campaign calendar")
    region_id = "weeks"

    def render_campaigns(self, value: list[Campaign]) -> SafeString:
        return campaign_links(value)

    def value_campaigns(self, value: list[Campaign]) -> str:
        return ", ".join(one.title for one in value)


def campaign_links(campaigns: list[Campaign]) -> SafeString:
    links = ((reverse("campaign:campaign", args=[one.code]), one.title) for one in campaigns)
    return format_html_join(", ", '<a href="{}">{}</a>', links)
