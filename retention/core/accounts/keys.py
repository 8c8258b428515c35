"""Keys that people choose for themselves. Pure.

A key is written as the pages write it: "n", "F2", a chord such as "Ctrl+Enter", or two plain keys, "g c". Its written
form is one: modifiers in the order of MODIFIERS, a letter of a chord as a capital, a plain letter as a small one.
`static/js/own-keys.js` writes them the same way.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core.errors import Invalid

if TYPE_CHECKING:  # what gettext_lazy gives, a name of the stubs only
    from django.utils.functional import _StrPromise

MOST_KEYS = 100
MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
ALIASES = {"Control": "Ctrl", "$mod": "Ctrl"}
ARROWS = frozenset(f"Arrow{way}" for way in ("Up", "Down", "Left", "Right"))
MOVING = ARROWS | {"Tab", "Escape", "Enter", "Space", "Home", "End", "PageUp", "PageDown"}
NAMED = MOVING | {"Backspace", "Delete", "Insert", *(f"F{number}" for number in range(1, 13))}
MODIFIER = "|".join([*MODIFIERS, *map(re.escape, ALIASES)])
CHARACTER = r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]"
CHORD = re.compile(rf"((?:(?:{MODIFIER})\+)*)({'|'.join(sorted(NAMED))}|{CHARACTER})")

BROWSER = frozenset(
    [
        *(f"Ctrl+{key}" for key in ("PageUp", "PageDown", "F4", "F5", *"WTNRLPF0123456789+-=")),
        *(f"Ctrl+Shift+{key}" for key in "WTNRIJ"),
        *(f"Alt+{key}" for key in ("F4", "Home", "ArrowLeft", "ArrowRight")),
        *(f"Meta+{key}" for key in "QHM"),
        *("F5", "Shift+F5", "F6", "F11", "F12"),
    ]
)
EDITING = frozenset(f"Ctrl+{key}" for key in "ACVXZY")
# What scripts of pages react to by themselves: answers, lists, the sheet of keys.
FIXED = frozenset([*"0123456789jk?", "Shift+?", "Backspace"])

BELONGS_TO_BROWSER = gettext_lazy("“%(keys)s” belongs to the browser or the input method. Choose other keys.")
EDITS_TEXT = gettext_lazy("“%(keys)s” edits text everywhere. Choose other keys.")
MOVES = gettext_lazy("“%(keys)s” moves through every page or presses what has the focus. Choose other keys.")
STAYS = gettext_lazy("“%(keys)s” is fixed: it answers questions, moves in lists or opens this list. Choose other keys.")


def check_keys(given: object) -> dict[str, str]:
    """{key of the product: the person's own} as written here, without those that are the same.

    Invalid with the field ("keys", "default" or "own") and the key in its words: too many, no keys at all, or keys that
    must stay what they are.
    """
    if not isinstance(given, Mapping):
        raise _invalid("keys", _("Own keys are given as pairs of keys."))
    if len(given) > MOST_KEYS:
        raise _invalid("keys", _("At most %(most)d keys can be changed.") % {"most": MOST_KEYS})
    read = {written(default, field="default"): written(own, field="own") for default, own in given.items()}
    return {default: _free(own) for default, own in read.items() if default != own}


def written(text: object, *, field: str) -> str:
    """The one written form. Invalid for what is neither a key nor a chord nor two plain keys."""
    presses = [CHORD.fullmatch(press) for press in text.split(" ")] if isinstance(text, str) else []
    found = [_chord(*press.groups()) for press in presses if press]
    plain = all(len(chord) == 1 for chord in found)
    if not found or len(found) != len(presses) or len(found) > 2 or (len(found) == 2 and not plain):
        shown = str(text)[:40]
        raise _invalid(field, _("“%(keys)s” is no key, chord or two plain keys one after the other.") % {"keys": shown})
    return " ".join(found)


def _chord(modifiers: str, key: str) -> str:
    held = {ALIASES.get(one, one) for one in modifiers.split("+")}
    if key.isascii() and len(key) == 1:
        key = key.upper() if modifiers else key.lower()
    return "+".join([*(one for one in MODIFIERS if one in held), key])


def _free(own: str) -> str:
    """The key itself. Invalid with the reason where it cannot be anybody's own."""
    presses = own.split(" ")
    fixed = STAYS if presses[0] in FIXED or "?" in presses else None
    if reason := next(filter(None, map(_reserved, presses)), fixed):
        raise _invalid("own", reason % {"keys": own})
    return own


def _reserved(chord: str) -> "_StrPromise | None":
    """Why a chord stays what it is; None where it may be chosen."""
    *held, key = chord.split("+") if not chord.endswith("+") else (*chord[:-2].split("+"), "+")
    if key in MOVING and (set(held) <= {"Shift"} or key in {"Tab", "Escape"}):
        return MOVES
    as_control = chord.replace("Meta+", "Ctrl+")
    if key == "Space" or not BROWSER.isdisjoint({chord, as_control}):
        return BELONGS_TO_BROWSER
    return EDITS_TEXT if as_control in EDITING else None


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, code="bad_keys", details=[{"field": field, "code": "bad_keys", "message": message}])
