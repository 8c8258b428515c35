"""Numbers by which lower apps name rows of upper ones, such as that of an order: who may open the row gets a link.

An app declares a kind, under the name that the audit trail has for it, when it is ready. A `ReferenceColumn`,
`reference` or `references` shows the numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from retention.core.accounts.models import User
from retention.core.registry import Registry


class Addresses(Protocol):
    """{number: address of its page} of the rows that this person may see; one query for any number of them."""

    def __call__(self, user: User, numbers: Sequence[str]) -> Mapping[str, str]: ...


REFERENCES: Registry[str, Addresses] = Registry("kind of reference")


def addresses(kind: str, user: User, numbers: Iterable[str | None]) -> Mapping[str, str]:
    """As the kind's app gives them; nothing for a kind that no app declares, and no query without a number."""
    asked = list(dict.fromkeys(number for number in numbers if number))
    return REFERENCES[kind](user, asked) if asked and kind in REFERENCES else {}


def reference(number: str, address: str | None) -> SafeString:
    """The number as a link, as it stands without an address."""
    if not address:
        return format_html('<span class="rp-mono">{}</span>', number)
    return format_html('<a class="rp-mono" href="{}">{}</a>', address, number)


def references(kind: str, user: User, numbers: Sequence[str]) -> SafeString:
    """The numbers with commas between them, as links where this person may follow them."""
    known = addresses(kind, user, numbers)
    return format_html_join(", ", "{}", ((reference(number, known.get(number)),) for number in numbers))


def sentence(text: str, **parts: str | int) -> SafeString:
    """A translated sentence with its `%(name)s` filled in; parts may hold links, all else is escaped."""
    safe = {name: part if isinstance(part, int) else conditional_escape(part) for name, part in parts.items()}
    return mark_safe(conditional_escape(text) % safe)  # noqa: S308  (escaped part by part)
