"""The kind of alert of rows that wait too long, declared to the core when the app starts."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from customers.imports.text import resource_label
from retention.core.alerts.kinds import AlertKind, declare_kinds
from retention.core.alerts.models import Alert
from retention.core.ui import formats

WAITING_ROWS = "waiting_rows"


def register() -> None:
    declare_kinds(
        [
            AlertKind(
                code=WAITING_ROWS,
                label=_("Rows wait for others"),
                opens_when=_("Rows have waited for more than a day for something they refer to."),
                meaning=_(
                    "What they refer to was never sent, or its number is wrong: these facts are missing everywhere."
                ),
                permission="jobs.view",
                route="batches:waiting",
                format=_sentence,
            )
        ]
    )


def _sentence(alert: Alert) -> str:
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
