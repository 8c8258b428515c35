"""An alert as the text of a notice, and its trail as sentences, in the reader's language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from retention.core.alerts.models import Alert
from retention.core.alerts.rules import KINDS
from retention.core.notices.text import Message

MESSAGE = "alert"
# Parameters of the sentences, kept in the notice so that a list of notices reads no alerts.
KEPT_FIELDS = ("kind", "subject", "source", "value", "peak", "severity", "threshold", "detail")


def alert_message(alerts: Sequence[Alert]) -> Message:
    """Of alerts of one kind (at least one): the first in full, the others as a count."""
    first = alerts[0]
    params = {name: getattr(first, name) for name in KEPT_FIELDS}
    return Message(MESSAGE, params | {"opened_at": first.opened_at.isoformat(), "others": len(alerts) - 1})


def format_message(params: dict[str, Any]) -> str:
    """The kind's label and sentence, and how many more of the kind there are."""
    kind = KINDS[params["kind"]]
    kept = {name: params[name] for name in KEPT_FIELDS}
    opened_at = datetime.fromisoformat(params["opened_at"])
    sentence = kind.format(Alert(**kept, opened_at=opened_at, seen_at=opened_at))
    text = _("%(kind)s: %(sentence)s") % {"kind": kind.label, "sentence": sentence}
    if not (others := params["others"]):
        return text
    return ngettext(
        "%(text)s (and %(count)d more alarm of this kind)", "%(text)s (and %(count)d more alarms of this kind)", others
    ) % {"text": text, "count": others}


def format_change(detail: dict[str, Any]) -> str:
    """A person's action on an alert; detail: of its audit entry."""
    if "owner" in detail:
        return _("owner: %(who)s") % {"who": detail["owner"]} if detail["owner"] else _("owner removed")
    if "snoozed_days" in detail:
        days = detail["snoozed_days"]
        text = ngettext("snoozed for %(days)d day", "snoozed for %(days)d days", days)
        return text % {"days": days} if days else _("snooze ended")
    return pgettext("alert trail", "acknowledged")
