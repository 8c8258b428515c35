"""Occasions: days on which something is due for a line, such as a birthday, a festival or a payment that came in.

A scenario of the night may be narrowed to the lines for which its occasion is due; upper features declare occasions.
The day of contact is the day after the night's date, and `days` counts from the occasion to it: 0 is the day itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.fields.base import Feed
from customers.fields.text import format_day
from customers.profile.models import SubscriberProfile
from retention.core.db.models import pick
from retention.core.errors import Invalid
from retention.core.registry import Registry
from retention.core.ui import formats

OCCASION = "occasion"  # key of the occasion in the evidence of a hit, besides the fields of the rule


@dataclass(frozen=True)
class Asked:
    """What a scenario asks of its occasion for the night of `as_of`. dates: days of the year that it keeps."""

    as_of: date
    days: int = 0
    dates: tuple[str, ...] = ()
    scenario: int = 0

    @property
    def contact_on(self) -> date:
        return self.as_of + timedelta(days=1)

    @property
    def day_ahead(self) -> date:
        """The day of an occasion that lies `days` ahead."""
        return self.contact_on + timedelta(days=self.days)

    @property
    def day_before(self) -> date:
        """The day of a fact that is `days` old."""
        return self.contact_on - timedelta(days=self.days)


@dataclass(frozen=True)
class Occasion:
    """due: subscriber_id and evidence (JSON with "kind", "on" and values of `variables`) of the lines, one row each;
    None when the day is nobody's. ahead: whether it is known before its day; facts are at least a day old.
    dated: whether the scenario names its days of the year. feeds: what must have arrived. variables: names that the
    text may use beside those of every text.
    """

    label: object
    due: Callable[[Asked], QuerySet | None]
    ahead: bool = True
    dated: bool = False
    feeds: tuple[Feed, ...] = ()
    variables: tuple[str, ...] = ()

    @property
    def fewest_days(self) -> int:
        return 0 if self.ahead else 1


OCCASIONS: Registry[str, Occasion] = Registry("occasion")


def due_lines(code: str, asked: Asked) -> QuerySet:
    """subscriber_id and evidence of the lines for which the occasion is due; none when it is nobody's day.

    Raises Invalid where the occasion is not declared.
    """
    if code not in OCCASIONS:
        raise Invalid(_("There is no occasion %(code)s.") % {"code": code})
    due = OCCASIONS[code].due(asked)
    if due is None:
        due = SubscriberProfile.objects.none().annotate(evidence=JSONObject())
    return due.values("subscriber_id", "evidence")


def format_days(occasion: Occasion, days: int) -> str:
    """`on the day`, `3 days before` or `a day after`."""
    if days == 0:
        return _("on the day")
    if occasion.ahead:
        return ngettext("%(days)s day before", "%(days)s days before", days) % {"days": days}
    return ngettext("%(days)s day after", "%(days)s days after", days) % {"days": days}


def occasion_values(found: Mapping[str, Any]) -> dict[str, str]:
    """The values of an occasion in the reader's words, by variable."""
    values = {"day": format_day(found.get("on", ""))}
    if found.get("name"):
        values["name"] = pick(found["name"], found.get("name_zh", ""))
    for key in ("amount", "balance"):
        if found.get(key) is not None:
            values[key] = formats.money(float(found[key]), 2)
    if found.get("points") is not None:
        values["points"] = formats.number(found["points"], 0)
    return values


def format_occasion(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """[(occasion, its name, day and amounts)], empty for a hit without one."""
    found = evidence.get(OCCASION)
    if not found:
        return []
    occasion, values = OCCASIONS.get(found["kind"]), occasion_values(found)
    if "points" in values:
        values["points"] = _("%(points)s points") % {"points": values["points"]}
    told = [values[key] for key in ("name", "day", "points", "amount", "balance") if values.get(key)]
    return [(str(occasion.label) if occasion else found["kind"], ", ".join(told))]
