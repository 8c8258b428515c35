"""Why something is held, in the reader's language. Stored in English: `fact: why`, several parted by "; "."""

import re

from django.utils.translation import gettext as _

from customers.fields.base import Feed

# Reasons with words in them, as they stand in the catalogue; apps above declare theirs.
REASONS: list[str] = []
_PARTS = re.compile(r"; (?=[a-z-]+: )")
_PLACE = re.compile(r"%\\\((\w+)\\\)s")


def format_held(stored: str) -> str:
    return "; ".join(_format_one(part) for part in _PARTS.split(stored) if part)


def _format_one(part: str) -> str:
    fact, _colon, why = part.partition(": ")
    if fact in Feed.values and why:
        return _("%(fact)s: %(why)s") % {"fact": Feed(fact).label, "why": _format_one(why)}
    for reason in REASONS:
        if found := re.fullmatch(_PLACE.sub(r"(?P<\1>.+?)", re.escape(reason)), part):
            return _(reason) % found.groupdict()
    return _(part)
