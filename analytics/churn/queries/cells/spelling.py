"""One spelling of a text: width, case and blanks folded."""

import re
import unicodedata

import pandas as pd

# Unicode's minus and hyphens that are typed for a minus.
MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"})
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")


def fold(text: str) -> str:
    """Full-width forms become plain, invisible signs go, blanks are single, case is folded."""
    if text.isascii():
        return " ".join(text.split()).casefold()
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", text)).translate(MINUS)
    return " ".join(plain.split()).casefold()


def folded(values: pd.Series) -> pd.Series:
    """Each cell folded; for distinct values, since it visits each."""
    return values.map(fold)


def quoted(values: list[str], most: int = 3) -> str:
    """'a', 'b' and 5 more."""
    shown = ", ".join(f"'{value}'" for value in values[:most])
    return f"{shown} and {len(values) - most} more" if len(values) > most else shown
