"""Loading simulated tables through the ingest."""

from collections.abc import Callable, Iterable

from customers.ingest.services.loading import load_table
from retention.core.errors import Invalid
from retention.simulator.schema import Piece

SOURCE = "simulator"


def load_pieces(
    pieces: Iterable[Piece], report: Callable[[str, int, int], None] = lambda resource, received, applied: None
) -> int:
    """Load every table; returns the rows. report: is given each resource with its rows and those new or changed.

    Invalid for a row that is rejected or waits for another: an error of the simulator, which stops the load.
    """
    counts: dict[str, int] = {}
    applied = 0
    current = ""
    for resource, piece in pieces:
        if current and resource != current:
            report(current, counts[current], applied)
            applied = 0
        current = resource
        result = load_table(resource, piece, source=SOURCE, first_row=counts.get(resource, 0) + 1)
        counts[resource] = counts.get(resource, 0) + result.received
        applied += result.applied
        if result.rejected or result.waiting:
            raise Invalid(
                f"{resource}: {result.rejected} rows rejected and {result.waiting} waiting, "
                f"the first ones: {result.errors[:3]}",
                code="not_loaded",
            )
    if current:
        report(current, counts[current], applied)
    return sum(counts.values())
