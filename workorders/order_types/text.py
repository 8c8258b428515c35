"""Order types and dispositions in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.outreach.models import ContactPurpose
from customers.fields.text import format_flag
from retention.core.managed.text import Words
from retention.core.ui import formats
from workorders.order_types import rules
from workorders.order_types.clock_text import format_clocks, format_spec
from workorders.order_types.keys import keys_of
from workorders.order_types.models import Disposition, OrderType


def between(parts: list[str]) -> str:
    return pgettext("between the values of a list", ", ").join(parts)


def format_effect(leaf: Disposition) -> str:
    """What saving the disposition does to the order, and to the customer's lists."""
    if leaf.closes:
        said = _("Closes the order")
    elif leaf.needs_appointment:
        said = _("Needs an appointment")
    else:
        said = _("Again after %(hours)s hours") % {"hours": leaf.retry_after_hours}
    if not leaf.adds_to_list:
        return said
    days = _("%(days)s days") % {"days": leaf.list_days} if leaf.list_days else _("until removed")
    listed = f"{leaf.get_adds_to_list_display()} ({days})"
    return between([said, listed])


def format_purpose(code: str) -> str:
    return str(dict(ContactPurpose.choices).get(code, code))


class FlowText:
    """Flows in words; the names of dispositions are read once."""

    def __init__(self) -> None:
        self._leaves = list(Disposition.objects.choosable())
        self._names = {leaf.code: leaf.title for leaf in Disposition.objects.all()}

    def dispositions(self, flow: Mapping[str, Any]) -> str:
        codes = flow.get("dispositions") or []
        return between([self._names.get(code, code) for code in codes]) or _("All")

    def keys(self, flow: rules.Flow) -> str:
        """`Alt+1 No answer, Alt+2 Call back later`: as the call screen has them."""
        offered = [leaf.code for leaf in self._leaves if flow.offers(leaf.code)]
        keys = keys_of(flow.keys, [(leaf.code, leaf.hotkey) for leaf in self._leaves], offered)
        return between([f"{key} {self._names[code]}" for code, key in sorted(keys.items(), key=lambda one: one[1])])

    def format(self, flow: Mapping[str, Any]) -> str:
        """One line for the history."""
        own = between([f"Alt+{digit} {self._names.get(code, code)}" for digit, code in flow.get("keys", {}).items()])
        given = {
            "attempts": flow.get("max_attempts", rules.Flow.max_attempts),
            "days": flow.get("appointment_days", rules.Flow.appointment_days),
            "dispositions": self.dispositions(flow),
        }
        said = _("%(attempts)s attempts, appointments within %(days)s days; %(dispositions)s") % given
        return pgettext("between the values of a list", "; ").join([said, own]) if own else said

    def words(self) -> Words:
        return {"flow": self.format, "purpose": format_purpose, "clocks": format_clocks}


def type_facts(row: OrderType, text: FlowText) -> list[tuple[str, Any]]:
    """(label, value) pairs of the page of an order type."""
    flow = rules.read(row.flow, row.fields)
    return [
        (_("Code"), row.code),
        (_("Version"), formats.show(row.version, "count")),
        (_("Purpose"), format_purpose(row.purpose)),
        (_("Priority"), formats.show(row.priority, "count")),
        (_("Hours until due"), formats.show(row.due_hours, "count")),
        *((pgettext("clock of an order type", "Clock"), format_spec(spec)) for spec in row.clock_specs),
        (_("Call attempts"), formats.show(flow.max_attempts, "count")),
        (_("Appointments up to so many days ahead"), formats.show(flow.appointment_days, "count")),
        (_("Wrap-up in seconds"), formats.show(row.wrap_up_seconds, "count")),
        (_("For customers who have left"), format_flag(flow.after_leaving)),
        (_("Dispositions"), text.dispositions(row.flow)),
        (_("Keys of the dispositions"), text.keys(flow)),
    ]


def question_rows(row: OrderType) -> list[dict[str, Any]]:
    """Rows of QuestionTable."""
    return [
        {
            "title": one.title,
            "answers": between([choice.title for choice in one.choices]) or formats.DASH,
            "required": one.required,
        }
        for one in rules.read(row.flow, row.fields).fields
    ]
