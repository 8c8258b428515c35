"""The counts of a batch go on as its waiting rows land, turn out bad or are replaced by newer ones."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import F

from customers.batches.models import SOURCE_PREFIX, IngestBatch
from customers.ingest.services.outcomes import RowOutcome


def count_outcomes(outcomes: Sequence[RowOutcome]) -> None:
    """Move rows of batches from `waiting` to what became of them. Batches are locked in the order of their numbers."""
    fates: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        if outcome.source.startswith(SOURCE_PREFIX):
            fates.setdefault(outcome.source.removeprefix(SOURCE_PREFIX), Counter())[outcome.fate] += 1
    for number in sorted(fates):
        counted = fates[number]
        changes = {fate: F(fate) + count for fate, count in counted.items()}
        IngestBatch.objects.filter(number=number).update(waiting=F("waiting") - counted.total(), **changes)
