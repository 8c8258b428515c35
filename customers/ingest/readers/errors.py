from enum import StrEnum

from django.utils.translation import gettext as _

from retention.core.errors import Invalid


class Unreadable(Invalid):
    """The source cannot be read (further); the message is a sentence for people."""

    code = "unreadable"


class Ending(StrEnum):
    """Why a source stopped before its end."""

    EARLY = "early"
    DAMAGED = "damaged"
    OPEN_QUOTE = "open_quote"


def ending_sentence(ending: Ending, row: int) -> str:
    """What happened to the source after its row `row`."""
    match ending:
        case Ending.EARLY:
            sentence = _("The file ends early after row %(row)s.")
        case Ending.DAMAGED:
            sentence = _("The file is damaged after row %(row)s.")
        case Ending.OPEN_QUOTE:
            sentence = _("The file has a quote that is never closed and could not be read further than row %(row)s.")
    return sentence % {"row": row}
