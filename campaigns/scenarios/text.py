"""A scenario in words: whom it finds, when it runs, what it does, and the steps of its funnel."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from campaigns.audiences.days_of_year import format_days_of_year
from campaigns.audiences.occasions import OCCASIONS, format_days
from campaigns.audiences.rules import parameters
from campaigns.audiences.text import StoredRule, format_field_value
from campaigns.scenarios.holdouts import reason_for_none
from campaigns.scenarios.message_templates import message_templates
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.order_types import order_types
from campaigns.scenarios.schedules import next_night
from customers.facts.models import StatusEvent
from customers.fields.base import Feed
from customers.lists.models import ListEntry
from customers.lists.queries import list_names
from retention.core.accounts.models import Branch
from retention.core.ui import formats

BETWEEN = "; "
# {reason: (those left out, those who remain)}
STEP_WORDS = {
    "opted_out": (gettext_lazy("Opted out of profiling"), gettext_lazy("Profiling allowed")),
    "cooled": (gettext_lazy("Found recently, cooling down"), gettext_lazy("Not cooling down")),
    "unpaying": (gettext_lazy("A contact does not pay"), gettext_lazy("A contact pays")),
    "confirming": (gettext_lazy("Not confirmed yet"), gettext_lazy("Confirmed")),
    "refused": (gettext_lazy("Not called (contact rule)"), gettext_lazy("May be contacted")),
    "capped": (gettext_lazy("Over the nightly cap"), gettext_lazy("Within the nightly cap")),
    "held_out": (gettext_lazy("Left alone (hold-out)"), gettext_lazy("Not held out")),
}


def format_scenario(scenario: Scenario, rule: StoredRule) -> str:
    """The rule in words, on how many nights it must hold, and that only contacts that pay are made."""
    if rule.is_broken:
        return rule.says
    says = rule.says
    if scenario.confirm_nights > 1:
        says = _("%(rule)s; on %(nights)s nights in a row") % {"rule": says, "nights": scenario.confirm_nights}
    if others := len(scenario.branch_numbers):
        text = ngettext("%(rule)s; other numbers in %(n)s branch", "%(rule)s; other numbers in %(n)s branches", others)
        says = text % {"rule": says, "n": others}
    return _("%(rule)s; only if a contact pays") % {"rule": says} if scenario.only_if_it_pays else says


def format_when(scenario: Scenario) -> str:
    """When it runs: the schedule, its day of the week, its events, or its occasion: `Birthday; 3 days before`."""
    when = scenario.get_trigger_display()
    if scenario.trigger == Scenario.Trigger.EVENT:
        return formats.labelled(when, format_kinds(scenario.event_kinds))
    if scenario.trigger == Scenario.Trigger.WEEKLY:
        when = formats.labelled(when, scenario.get_weekday_display())
    occasion = OCCASIONS.get(scenario.occasion)
    if occasion is None:
        return when
    named = format_days_of_year(scenario.dates) or str(occasion.label)
    return _("%(what)s; %(days)s") % {"what": named, "days": format_days(occasion, scenario.days)}


def _format_next(scenario: Scenario, today: date) -> str:
    if scenario.trigger == Scenario.Trigger.EVENT or not scenario.enabled:
        return "–"
    return date_format(next_night(scenario, on=today), "DATE_FORMAT")


def format_kinds(kinds: Sequence[str]) -> str:
    known = dict(StatusEvent.Kind.choices)
    return ", ".join(str(known.get(kind, kind)) for kind in kinds)


def format_settings(scenario: Scenario, *, today: date) -> list[tuple[Any, Any]]:
    """(label, value) of all settings but the rule."""
    feeds = dict(Feed.choices)
    return [
        (_("Action"), format_action(scenario)),
        (_("Purpose"), scenario.get_purpose_display()),
        (_("When"), format_when(scenario)),
        *_channel(scenario),
        (_("Next night"), _format_next(scenario, today)),
        (_("Priority"), scenario.priority),
        (_("Hours until due"), scenario.due_hours or _("as the order type says")),
        (_("Confirmed"), _format_confirmed(scenario)),
        (_("Cool-down"), _("%(days)s days") % {"days": scenario.cooldown_days}),
        (_("Clears by itself"), _("yes") if scenario.auto_clear else _("no")),
        (_("Nightly cap"), scenario.daily_cap or _("no limit")),
        (_("Only if it pays"), _("yes") if scenario.only_if_it_pays else _("no")),
        (_("Hold-out, %"), _format_holdout(scenario)),
        (_("Branch"), scenario.branch or _("The whole base")),
        (_("Owner"), format_owner(scenario)),
        (_("Needs data"), ", ".join(str(feeds.get(fact, fact)) for fact in scenario.needs) or _("nothing")),
        (_("Talk hint"), scenario.talk_hint or "–"),
        (_("Version"), scenario.version),
    ]


def _format_holdout(scenario: Scenario) -> str:
    """`10`, or `nobody: an event is always answered`."""
    if scenario.holdout_percent:
        return formats.number(scenario.holdout_percent)
    reason = reason_for_none(scenario)
    return formats.labelled(_("nobody"), str(reason)) if reason else _("nobody")


def _channel(scenario: Scenario) -> list[tuple[Any, Any]]:
    return [] if scenario.channel == ListEntry.Channel.CALL else [(_("Channel"), scenario.get_channel_display())]


def format_branch_numbers(scenario: Scenario) -> list[tuple[str, str, str]]:
    """(code, name, numbers in words) of the branches with numbers of their own, from the top of the tree down."""
    if not scenario.branch_numbers:
        return []
    tunable = {one.name: one for one in parameters(scenario.rule)}
    branches = Branch.objects.filter(code__in=scenario.branch_numbers).values_list("code", "name")
    return [
        (
            code,
            name,
            BETWEEN.join(
                f"{tunable[key].label} {format_field_value(tunable[key].field, value)}"
                for key, value in scenario.branch_numbers[code].items()
                if key in tunable
            ),
        )
        for code, name in branches
    ]


def format_numbers_by_branch(branch_numbers: Mapping[str, Mapping[str, Any]]) -> str:
    """Of any version, whose rule may have had other numbers."""
    names = dict(Branch.objects.filter(code__in=branch_numbers).values_list("code", "name"))
    return BETWEEN.join(
        formats.labelled(names.get(code, code), ", ".join(f"{key} {value}" for key, value in numbers.items()))
        for code, numbers in branch_numbers.items()
    )


def format_action(scenario: Scenario) -> str:
    """What is done, with the type of order, or the list and for how long."""
    named = dict(order_types())
    what = named.get(scenario.order_type, scenario.order_type)
    if scenario.template:
        known = message_templates().get(scenario.template)
        what = known.title if known else scenario.template
    if scenario.list_kind:
        what = str(list_names().get(scenario.list_kind, scenario.list_kind))
        if days := scenario.list_days:
            what = ngettext("%(list)s for %(n)s day", "%(list)s for %(n)s days", days) % {"list": what, "n": days}
    action = str(scenario.get_action_display())
    return formats.labelled(action, what) if what else action


def _format_confirmed(scenario: Scenario) -> str:
    nights = scenario.confirm_nights
    if nights <= 1:
        return pgettext("confirmed", "at once")
    return ngettext("after %(nights)s night in a row", "after %(nights)s nights in a row", nights) % {"nights": nights}


def format_owner(scenario: Scenario) -> str:
    """The name, and that the person has left."""
    if scenario.owner is None:
        return _("nobody")
    if scenario.owner.is_active:
        return scenario.owner.display_name
    return _("%(name)s (left)") % {"name": scenario.owner.display_name}
