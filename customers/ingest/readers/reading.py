"""What every reader gives."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from customers.ingest.chunks import Chunk


class Reading(ABC):
    """One pass over a source. Iterate for chunks; afterwards `error` says why it stopped before the end, or is "".

    columns: the names in its header, None when each row names its own fields.
    """

    columns: list[str] | None = None

    @property
    def notes(self) -> list[str]:
        """Sentences about the source."""
        return []

    @property
    def ended(self) -> str:
        """ "ends early" or "is damaged" when it could not be read to its end."""
        return ""

    @abstractmethod
    def __iter__(self) -> Iterator[Chunk]: ...
