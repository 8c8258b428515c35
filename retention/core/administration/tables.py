"""The history and the conflict of a row."""

from retention.core.administration.services import StaleRow
from retention.core.audit.models import AuditEntry
from retention.core.managed.tables import ConflictTable, HistoryTable
from retention.core.managed.text import FieldText, format_differences, format_history

HISTORY_LIMIT = 30


def history_table(*, target: str, action: str, text: FieldText) -> HistoryTable | None:
    """The last changes of a row, None before the first."""
    entries = list(
        AuditEntry.objects.filter(target=target, action=action).select_related("actor")[:HISTORY_LIMIT],
    )
    return HistoryTable(format_history(entries, text)) if entries else None


def conflict_table(conflict: StaleRow, text: FieldText) -> ConflictTable:
    return ConflictTable(format_differences(conflict.differences, text))
