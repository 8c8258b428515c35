"""What every reader gives."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from customers.ingest.chunks import Chunk
from customers.ingest.readers.errors import Ending


class Reading(ABC):
    """One pass over a source. Iterate for chunks; afterwards `ended` says why it stopped early, if it did.

    columns: the names in its header, None when each row names its own fields.
    """

    columns: list[str] | None = None

    @property
    def notes(self) -> list[str]:
        """Sentences about the source."""
        return []

    @property
    def ended(self) -> Ending | None:
        """Why it could not be read to its end; None when it was."""
        return None

    @abstractmethod
    def __iter__(self) -> Iterator[Chunk]: ...
