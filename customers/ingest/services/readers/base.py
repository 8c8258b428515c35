"""The interface of every reader, and why a source cannot be read."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TypeAlias

from django.utils.translation import gettext as _

from customers.ingest.chunks import Chunk
from retention.core.errors import Invalid

# From the cells of a header line to the names of its columns: as many, all different.
Naming: TypeAlias = Callable[[list[str]], list[str]]


class Unreadable(Invalid):
    """The source cannot be read (further); the message is a sentence for people."""

    code = "unreadable"


def bad_line_ends() -> Unreadable:
    """The first line holds a carriage return: read on, the whole source could be one line."""
    return Unreadable(
        _("The first line holds a carriage return (CR). Lines must end with LF or CRLF; save the file with such ends."),
        code="bad_line_ends",
    )


class Ending(StrEnum):
    """Why a source stopped before its end."""

    EARLY = "early"
    DAMAGED = "damaged"
    OPEN_QUOTE = "open_quote"


def ending_sentence(ending: Ending, row: int) -> str:
    """A fault of the source after its row `row`."""
    match ending:
        case Ending.EARLY:
            sentence = _("The file ends early after row %(row)s.")
        case Ending.DAMAGED:
            sentence = _("The file is damaged after row %(row)s.")
        case Ending.OPEN_QUOTE:
            sentence = _("The file has a quote that is never closed and could not be read further than row %(row)s.")
    return sentence % {"row": row}


class Reading(ABC):
    """One pass over a source. Iterate for chunks; afterwards `ended` gives the reason for an early stop.

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
