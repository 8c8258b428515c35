"""Why something is held, in the reader's language. Stored in English: `fact: why`, several parted by "; "."""

from django.utils.translation import gettext as _

from customers.fields.base import Feed


def format_held(stored: str) -> str:
    return "; ".join(_format_one(part) for part in stored.split("; ") if part)


def _format_one(part: str) -> str:
    fact, _colon, why = part.partition(": ")
    if fact in Feed.values and why:
        return _("%(fact)s: %(why)s") % {"fact": Feed(fact).label, "why": _format_one(why)}
    return _(part)
