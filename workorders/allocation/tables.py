"""The lists of skills, of rules and of the targets of groups."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import Team
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, NumberColumn, SwitchColumn
from workorders.allocation.models import AllocationRule, Skill
from workorders.allocation.text import RuleText


class SkillTable(BaseTable):
    name = Column(verbose_name=pgettext_lazy("of an agent", "Skill"), accessor="title", order_by="code")
    code = Column(verbose_name=_("Code"))
    kind = Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by="kind")
    people = NumberColumn(verbose_name=_("Agents who have it"))
    active = SwitchColumn()

    caption = _("Skills and languages")
    region_id = "skills"
    empty_title = _("No skills yet")

    class Meta(BaseTable.Meta):
        order_by = ("kind", "code")

    def __init__(self, *args: Any, may_edit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_edit = may_edit

    def row_url(self, record: Skill) -> str | None:
        return reverse("allocation:skill-edit", args=[record.code]) if self.may_edit else None


class RuleTable(BaseTable):
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", order_by="branch__path")
    position = NumberColumn(verbose_name=_("Position"))
    name = Column(verbose_name=_("Allocation rule"), accessor="title", order_by="code")
    conditions = Column(verbose_name=_("Holds for"), empty_values=(), orderable=False)
    consequences = Column(verbose_name=_("What it does"), empty_values=(), orderable=False)
    minutes = NumberColumn(
        verbose_name=_("Open to all after (minutes)"),
        help_text=_("So that no order waits for ever when nobody fitting is there."),
    )
    waiting = NumberColumn(
        verbose_name=_("Reserved now"),
        help_text=_("Orders in the queue that only fitting agents are given."),
        empty_values=(),
        orderable=False,
    )
    active = SwitchColumn()

    caption = _("Allocation rules")
    region_id = "allocation-rules"
    empty_title = _("No allocation rules yet")
    empty_text = _("Without rules each order goes to the group nearest to its line, open to everybody in it.")

    class Meta(BaseTable.Meta):
        order_by = ("branch", "position")

    def __init__(self, *args: Any, changeable: set[int], waiting: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changeable, self.reserved, self.text = changeable, waiting, RuleText()

    def row_url(self, record: AllocationRule) -> str | None:
        return reverse("allocation:rule-edit", args=[record.code]) if record.pk in self.changeable else None

    def render_waiting(self, record: AllocationRule, bound_column: Any) -> str:
        return bound_column.column.render(self.value_waiting(record))

    def value_waiting(self, record: AllocationRule) -> int:
        return self.reserved.get(record.pk, 0)

    def render_conditions(self, record: AllocationRule) -> str:
        return self.text.conditions(record)

    def render_consequences(self, record: AllocationRule) -> str:
        return self.text.consequences(record)

    def value_conditions(self, record: AllocationRule) -> str:
        return self.text.conditions(record)

    def value_consequences(self, record: AllocationRule) -> str:
        return self.text.consequences(record)


class TeamTargetsTable(BaseTable):
    """Groups with what each of their agents is to reach a day."""

    name = Column(verbose_name=pgettext_lazy("team", "Group"), accessor="title", order_by="code")
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", order_by="branch__path")
    contacts_target = NumberColumn(
        verbose_name=_("Contacts a day (target)"),
        help_text=_("Calls with a result saved that each agent of the group is to make a day."),
        accessor="daily_targets__contacts_target",
    )
    kept_target = NumberColumn(
        verbose_name=_("Retained or accepted a day (target)"),
        help_text=_("Calls a day of each agent of the group after which the customer stays or takes an offer."),
        accessor="daily_targets__kept_target",
    )

    caption = _("Daily targets")
    region_id = "daily-targets"
    empty_title = _("No groups yet")

    class Meta(BaseTable.Meta):
        order_by = ("name",)

    def row_url(self, record: Team) -> str:
        return reverse("allocation:target-edit", args=[record.code])
