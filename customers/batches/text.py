"""Alerts about batches as sentences in the reader's language."""

from datetime import datetime

from django.utils.translation import ngettext

from customers.imports.text import resource_label
from retention.core.alerts.models import Alert
from retention.core.ui import formats


def format_waiting_rows(alert: Alert) -> str:
    """How many rows of the kind that the alert is about have waited too long, and since when the oldest."""
    rows = round(alert.value)
    text = ngettext(
        "%(kind)s: %(rows)s row has waited for more than a day, since %(since)s",
        "%(kind)s: %(rows)s rows have waited for more than a day, the oldest since %(since)s",
        rows,
    )
    since = alert.detail.get("since")
    return text % {
        "kind": resource_label(alert.subject),
        "rows": formats.number(rows),
        "since": formats.moment(datetime.fromisoformat(since) if since else alert.opened_at),
    }
