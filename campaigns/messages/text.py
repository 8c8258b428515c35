"""Messages in words: who asked for one, why it was not sent, how long a text is, where it went."""

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext

from campaigns.messages.models import REASONS, Message
from campaigns.messages.rules import Length
from campaigns.messages.services.testing import TEST
from campaigns.messages.states import State
from campaigns.outreach.text import format_source
from customers.lists.models import ListEntry
from retention.core.masking import mask_email, mask_phone
from retention.core.ui import formats

STATE_TONES: Mapping[str, tuple[str, str]] = {
    State.QUEUED: ("info", "hourglass"),
    State.SENDING: ("info", "send"),
    State.SENT: ("good", "check"),
    State.DELIVERED: ("good", "circle-check"),
    State.FAILED: ("bad", "circle-x"),
    State.EXPIRED: ("neutral", "clock"),
    State.REFUSED: ("warning", "ban"),
    State.CANCELLED: ("neutral", "arrow-back-up"),
    State.UNKNOWN: ("warning", "help-circle"),
}
LANGUAGES = {"zh": "中文", "en": "English"}


def format_origin(message: Message) -> str:
    """`scenario S13`, with the night or the event it was for; a test says so."""
    if message.origin_kind == TEST:
        return gettext("test message")
    return format_source(f"{message.origin_kind}:{message.origin_key.partition(':')[0]}")


def format_reason(message: Message) -> str:
    """Why it was not sent, or what the provider said of it."""
    known = dict(REASONS)
    return " · ".join(str(part) for part in (known.get(message.reason), message.detail) if part)


def format_address(channel: str, address: str) -> str:
    """Masked, as everywhere."""
    if channel == ListEntry.Channel.APP:
        return address  # the number of the line's record, which is on its page
    return mask_email(address) if channel == ListEntry.Channel.EMAIL else mask_phone(address)


def format_length(length: Length) -> str:
    """`2 messages: 132 characters, UCS-2, 2 left`."""
    parts = ngettext("%(n)s message", "%(n)s messages", length.parts) % {"n": formats.number(length.parts)}
    return gettext("%(parts)s: %(units)s characters, %(encoding)s, %(left)s left") % {
        "parts": parts, "units": formats.number(length.units), "left": formats.number(length.left),
        "encoding": length.encoding,
    }  # fmt: skip
