"""When rows have waited too long for what they refer to: the kind of alert, and when it opens."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from customers.batches.text import format_waiting_rows
from retention.core.alerts.rules import AlertKind, Rule, Severity

LONG_WAIT = timedelta(days=1)
WAITING_ROWS = AlertKind(
    code="waiting_rows",
    label=_("Rows wait for others"),
    opens_when=_("Rows have waited for more than a day for something they refer to."),
    meaning=_("What they refer to was never sent, or its number is wrong: these facts are missing everywhere."),
    permission="jobs.view",
    route="batches:waiting",
    format=format_waiting_rows,
)
# A reading is the number of rows of a resource that have waited for LONG_WAIT.
RULES = {WAITING_ROWS.code: Rule(opens_at=1, closes_below=1, severity=Severity.MAJOR)}
