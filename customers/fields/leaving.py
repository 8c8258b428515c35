"""When and why a line left: known of the lines in LeaverProfile, missing for every line in use."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.facts.models import Subscriber
from customers.fields.base import Area, Kind, ProfileField, Source

LEFT = "s.terminated_on <= %(as_of)s"


def field(key: str, label: object, kind: Kind, source: str, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.LEAVING, source, sql, **more)


SOURCES: list[Source] = []
FIELDS = [
    field("days_since_left", _("Days since the line left"), Kind.DAYS, "line",
          f"CASE WHEN {LEFT} THEN %(as_of)s::date - s.terminated_on END", unit=_("days"), a_day_later=1,
          said=_("left {value} days ago"), said_one=_("left one day ago")),
    field("left_reason", _("Reason of leaving"), Kind.CHOICE, "line", f"CASE WHEN {LEFT} THEN s.termination_reason END",
          choices=Subscriber.Reason, dimension=True),
    # Bills of the half year before today, so of a line that left long ago only of its last months; prepaid: the plan's fee.
    field("left_spend", _("Monthly spend before leaving"), Kind.MONEY, "derived",
          "CASE WHEN days_since_left IS NOT NULL THEN coalesce(arpu, plan_fee) END", unit=_("yuan"), measure=True,
          sayable=False),
]  # fmt: skip
