"""Rules in words."""

from collections.abc import Mapping
from decimal import Decimal

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.facts.models import CustomField
from retention.core.managed.text import Words
from retention.core.ui import formats
from workorders.allocation.models import AllocationRule, Skill
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


def _spend(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return _("spend below %(high)s") % {"high": formats.money(high)}
    if high is None:
        return _("spend from %(low)s") % {"low": formats.money(low)}
    return _("spend from %(low)s to below %(high)s") % {"low": formats.money(low), "high": formats.money(high)}
