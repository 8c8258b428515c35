"""Which key of the call screen chooses which disposition. Pure.

A type's version may name dispositions for the digits 1 to 9 (`keys` of its flow, {"1": "retained"}). What it does not
name keeps its usual digit where that is free; the others have the next free keys in the order of the tree.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from retention.core.errors import Invalid

DIGITS = tuple(str(digit) for digit in range(1, 10))
# After the digits that a type leaves free.
SPARE = ("Alt+0", *(f"Alt+Shift+{digit}" for digit in DIGITS))
# (code, its usual digit) of dispositions in the order of the tree.
Leaves = Sequence[tuple[str, int | None]]


def read_keys(given: Any, offered: Sequence[str]) -> dict[str, str]:
    """{digit: code of a disposition}. offered: the codes that the type offers, none for all. Invalid for other keys,
    for a disposition on two of them, and for one that is not offered."""
    if not isinstance(given, Mapping) or not all(isinstance(code, str) and code for code in given.values()):
        raise Invalid(_("The keys of dispositions cannot be read."), code="bad_flow")
    if unknown := set(given) - set(DIGITS):
        raise Invalid(_("There is no such key: %(keys)s.") % {"keys": ", ".join(sorted(unknown))}, code="bad_flow")
    codes = list(given.values())
    for code in codes:
        if codes.count(code) > 1:
            raise Invalid(_("The disposition “%(name)s” stands on two keys.") % {"name": code}, code="bad_flow")
        if offered and code not in offered:
            message = _("The disposition “%(name)s” has a key, but the type does not offer it.")
            raise Invalid(message % {"name": code}, code="bad_flow")
    return {digit: given[digit] for digit in DIGITS if digit in given}


def keys_of(own: Mapping[str, str], leaves: Leaves, offered: Iterable[str]) -> dict[str, str]:
    """{code: `Alt+3`} of the dispositions offered, as far as keys go. own: {digit: code} of the type.

    A type without keys of its own has the same as every other such type, whatever it offers.
    """
    known = {code for code, _usual in leaves}
    keys = {code: f"Alt+{digit}" for digit, code in own.items() if code in known}
    wanted = set(offered)
    rest = [(code, usual) for code, usual in leaves if code not in keys and (not own or code in wanted)]
    keys |= {code: f"Alt+{usual}" for code, usual in rest if usual and str(usual) not in own}
    taken = set(keys.values())
    free = [f"Alt+{digit}" for digit in DIGITS if own and f"Alt+{digit}" not in taken]
    keys |= dict(zip([code for code, _usual in rest if code not in keys], [*free, *SPARE], strict=False))
    return {code: key for code, key in keys.items() if code in wanted}
