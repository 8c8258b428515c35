"""The alert of a group whose orders are over time for so long that managers were told; its words. No database."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from retention.core.alerts.rules import AlertKind, Rule, Severity
from retention.core.ui import formats

KIND = "clocks.breached"
# Critical from so many orders on.
CRITICAL_ORDERS = 20
RULE = Rule(opens_at=1, closes_below=1, severity=Severity.MAJOR, critical_at=CRITICAL_ORDERS)


def _format(alert: Any) -> str:
    """value: orders; detail: {"team": its name}."""
    text = ngettext(
        "%(team)s: %(count)s open order has been over time for so long that managers were told.",
        "%(team)s: %(count)s open orders have been over time for so long that managers were told.",
        int(alert.value),
    )
    return text % {"team": alert.detail.get("team", alert.subject), "count": formats.number(alert.value)}


CLOCKS_BREACHED = AlertKind(
    code=KIND,
    label=_("Orders over time"),
    opens_when=_("A clock of an open order of the group was breached and managers were told of it."),
    meaning=_("The group does not keep up: more falls due than it closes, or orders lie with people who are away."),
    permission="work.supervise",
    route="clocks:board",
    format=_format,
    notifies=False,
)
