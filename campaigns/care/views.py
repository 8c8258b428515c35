"""The care calendar S21, and the notices that staff enter for it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.audiences.rules import rule_catalogue
from campaigns.audiences.text import format_stored_rule
from campaigns.care.forms import CareNoticeForm
from campaigns.care.models import CareNotice
from campaigns.care.occasions import CARE
from campaigns.care.queries.calendar import coming_days, counts_of, kinds_of
from campaigns.care.tables import CareNoticeTable, CareTable, ComingTable
from campaigns.scenarios.calendars import CALENDARS
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.text import format_scenario, format_when
from retention.core import clock
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate
from retention.core.managed.views.listing import ManagedList
from retention.core.ui.listing import ListPage

SCENARIOS = ("campaigns:scenarios", gettext_lazy("Scenarios"))
COUNTED = ("new", "reported", "opened", "refused")


class CareCalendar(ListPage):
    name = "care-calendar"
    permission = "scenarios.view"
    template_name = "campaigns/care/calendar.html"
    title = CALENDARS[CARE].name
    subtitle = gettext_lazy("Every reason to get in touch: its day or event, who, how, and in which words.")
    parent = SCENARIOS
    table_class = CareTable

    def get_queryset(self) -> list[dict[str, Any]]:
        kinds = list(kinds_of(CARE, self.user))
        counts = counts_of(scenarios=kinds, user=self.user, until=clock.today())
        fields = rule_catalogue()
        rows = []
        for kind in kinds:
            rule, counted = format_stored_rule(kind.rule, fields), counts.get(kind.pk, {})
            rows.append(
                {
                    "pk": kind.pk,
                    "code": kind.code,
                    "name": kind.title,
                    "trigger": format_when(kind),
                    "says": format_scenario(kind, rule),
                    "is_broken": rule.is_broken,
                    "way": format_way(kind),
                    "text": kind.talk_hint,
                    "enabled": kind.enabled,
                }
                | {name: counted.get(name, 0) for name in COUNTED}
            )
        return rows

    def get_context_data(self) -> dict[str, Any]:
        days = coming_days(kinds=list(kinds_of(CARE, self.user)), user=self.user, today=clock.today())
        return super().get_context_data() | {
            "coming": ComingTable(days),
            "may_edit": self.user.may(Scenario.edit_permission),
        }


def format_way(kind: Scenario) -> str:
    if kind.action == Scenario.Action.OPEN_ORDER:
        return _("Call: opens an order")
    if kind.action == Scenario.Action.SEND_MESSAGE:
        return _("%(channel)s: sends a message") % {"channel": kind.get_channel_display()}
    return _("%(channel)s: only listed") % {"channel": kind.get_channel_display()}


class CareNoticePages(ManagedPage):
    model = CareNotice
    kind_form = CareNoticeForm
    templates = "campaigns/care"


class CareNoticeList(ManagedList):
    model = CareNotice
    name = "care-notices"
    permission = "scenarios.view"
    parent = ("care:calendar", CALENDARS[CARE].name)
    subtitle = gettext_lazy("What customers of a district are told: big and sudden events, network cut-overs.")
    table_class = CareNoticeTable

    def get_queryset(self) -> QuerySet[CareNotice]:
        return CareNotice.objects.visible_to(self.user).for_list()


class NewCareNotice(CareNoticePages, ManagedCreate):
    pass


class EditCareNotice(CareNoticePages, ManagedUpdate):
    pass


class CopyCareNotice(CareNoticePages, ManagedCopy):
    pass


class SwitchCareNotice(CareNoticePages, ManagedSwitch):
    pass


class CareNoticePage(CareNoticePages, ManagedDetail):
    switch_off_question = gettext_lazy("Switch this notice off? Nobody else will be told of it.")
