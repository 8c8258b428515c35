"""Rules and targets in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from customers.facts.models import CustomField
from retention.core.managed.text import Words
from retention.core.ui import formats
from workorders.allocation.models import AllocationRule, Skill
from workorders.allocation.queries import Targets
from workorders.order_types.models import OrderType


def type_titles() -> dict[str, str]:
    return {one.code: one.title for one in OrderType.objects.current()}


def origin_titles() -> dict[str, str]:
    """Of the orders, which lie above the allocation."""
    column = apps.get_model("workorders", "WorkOrder")._meta.get_field("origin_kind")
    return {str(key): str(label) for key, label in column.flatchoices}  # type: ignore[union-attr]


def language_titles() -> dict[str, str]:
    return {one.code: one.title for one in Skill.objects.filter(kind=Skill.Kind.LANGUAGE)}


def field_titles() -> dict[str, str]:
    return {one.key: one.title for one in CustomField.objects.all()}


def rule_words() -> Words:
    """For the history and the conflicts of a rule."""
    types, origins, languages, fields = type_titles(), origin_titles(), language_titles(), field_titles()
    return {
        "order_type": lambda code: types.get(code, code),
        "origin": lambda code: origins.get(code, code),
        "language": lambda code: languages.get(code, code),
        "own_field": lambda key: fields.get(key, key),
    }


class RuleText:
    """The sentences of a list of rules; the names that they use are read once."""

    def __init__(self) -> None:
        self.words: Mapping[str, Mapping[str, str]] = {
            "order_type": type_titles(),
            "origin": origin_titles(),
            "language": language_titles(),
            "own_field": field_titles(),
        }

    def _name(self, field: str, value: str) -> str:
        return self.words[field].get(value, value)

    def conditions(self, rule: AllocationRule) -> str:
        found = [self._name(field, value) for field in ("order_type", "origin") if (value := getattr(rule, field))]
        if rule.spend_from is not None or rule.spend_below is not None:
            found.append(_spend(rule.spend_from, rule.spend_below))
        if rule.language:
            found.append(_("the customer speaks %(language)s") % {"language": self._name("language", rule.language)})
        if rule.own_field:
            found.append(f"{self._name('own_field', rule.own_field)} = {rule.own_value}")
        if rule.ownership:
            found.append(str(AllocationRule.Ownership(rule.ownership).label))
        return pgettext("between the values of a list", ", ").join(found) or _("every order")

    def consequences(self, rule: AllocationRule) -> str:
        """Where the order goes, and for whom it is reserved at first."""
        found = [_("to %(group)s") % {"group": rule.team.title} if rule.team else _("to the nearest group")]
        if rule.to_owner:
            found.append(_("first to the owner"))
        needs = [one.title for one in (rule.skill, rule.speaks) if one is not None]
        if needs:
            found.append(_("needs %(skills)s") % {"skills": " + ".join(needs)})
        if named := [one.display_name for one in rule.agents.all()]:
            found.append(
                _("reserved for %(people)s") % {"people": pgettext("between the values of a list", ", ").join(named)}
            )
        return pgettext("between the values of a list", ", ").join(found)


@dataclass(frozen=True)
class TargetLine:
    """A figure of a day against its target. href: the list of exactly what the figure counts."""

    text: str
    done: int
    target: int
    href: str

    @property
    def bar(self) -> int:
        """How far the bar goes; a target that is passed fills it."""
        return min(self.done, self.target)


def target_lines(targets: Targets, done: Mapping[str, int], *, address: Callable[[str], str]) -> dict[str, TargetLine]:
    """{"contacts", "good": line} of those that have a target. address: of the rows that a figure counts."""
    found = {}
    for name, target in vars(targets).items():
        if target is not None:
            numbers = {"done": formats.number(done[name]), "target": formats.number(target)}
            found[name] = TargetLine(_target_words(name, target) % numbers, done[name], target, address(name))
    return found


def _target_words(name: str, target: int) -> str:
    if name == "contacts":
        return ngettext("%(done)s of %(target)s contact", "%(done)s of %(target)s contacts", target)
    return _("%(done)s of %(target)s retained or accepted")


def _spend(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return _("spend below %(high)s") % {"high": formats.money(high)}
    if high is None:
        return _("spend from %(low)s") % {"low": formats.money(low)}
    return _("spend from %(low)s to below %(high)s") % {"low": formats.money(low), "high": formats.money(high)}
