"""Dates in figures and in words, days before months or behind them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.churn.learners.columns import COMPACT_DATE, DATE_SHAPES, READABLE_SHARE, days

# Of texts in capitals.
_MONTH = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\.?"
WEEKDAY = r"^(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*\.?,? "
IN_WORDS = (
    rf"(?:\d{{1,2}}(?:ST|ND|RD|TH)?\.?[ -](?:OF )?)?{_MONTH}[ ,-]+(?:\d{{1,2}}(?:ST|ND|RD|TH)?,? )?\d{{2,4}}(?:[ T].*)?"
)
_YEAR, _IN_YEAR = r"(?:19|20)\d{2}", r"(?:0?[1-9]|1[0-2])"
OF_MONTHS = rf"{_YEAR}[-/]{_IN_YEAR}|{_IN_YEAR}/{_YEAR}"
CHINESE = r"\d{4}年\d{1,2}月(?:\d{1,2}日?)?(?: .*)?"
TWO_DIGITS = r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?: .*)?"
BOTH_FIRST = r"(\d{1,2})([-/.])(\d{1,2})[-/.]\d{2,4}(?: .*)?"


@dataclass(frozen=True)
class DateReading:
    """days: since 1970, of each text, not-a-number where it is no date. doubt: what the order of day and month, or the
    century, was guessed by; "" when it is sure."""

    days: np.ndarray
    in_words: bool
    doubt: str


def read_dates(texts: pd.Series, counts: np.ndarray) -> DateReading | None:
    """None when too few of the cells are dates. texts: distinct and folded."""
    plain = texts.str.upper().str.replace(WEEKDAY, "", regex=True)
    in_words = plain.str.fullmatch(IN_WORDS) | plain.str.fullmatch(CHINESE)
    of_months = plain.str.fullmatch(OF_MONTHS)
    shaped = plain.str.match(DATE_SHAPES)
    compact = plain.str.match(COMPACT_DATE)
    shaped |= in_words | of_months | plain.str.fullmatch(TWO_DIGITS)
    if max(_share(shaped, counts), _share(compact, counts)) < READABLE_SHARE:
        return None
    day_first, doubt = _order(plain, counts)
    if _share(plain.str.fullmatch(TWO_DIGITS), counts) > 0:
        doubt = f"{doubt}, years of two digits" if doubt else "years of two digits"
    found = days(_in_figures(plain).astype("str"), day_first)
    if _share(pd.Series(np.isfinite(found)), counts) < READABLE_SHARE:
        return None
    return DateReading(found, bool(in_words.any()), doubt)


def _in_figures(plain: pd.Series) -> pd.Series:
    """What pandas reads: no ordinals, no Chinese signs, months with their first day."""
    text = plain.str.replace(r"(\d)(?:ST|ND|RD|TH)\b", r"\1", regex=True).str.replace(" OF ", " ", regex=False)
    text = text.str.replace(r"^(\d{4})年(\d{1,2})月(\d{1,2})日?", r"\1-\2-\3", regex=True)
    text = text.str.replace(r"^(\d{4})年(\d{1,2})月$", r"\1-\2-1", regex=True)
    text = text.str.replace(r"^(\d{4})[-/.](\d{1,2})$", r"\1-\2-1", regex=True)
    text = text.str.replace(r"^(\d{1,2})/(\d{4})$", r"\2-\1-1", regex=True)
    return text.str.replace(r"\bSEPT\b", "SEP", regex=True)


def _order(plain: pd.Series, counts: np.ndarray) -> tuple[bool, str]:
    """(whether the day comes first, what that was guessed by)."""
    parts = plain.str.extract(f"^{BOTH_FIRST}$")
    first, second = (pd.to_numeric(parts[place], errors="coerce").to_numpy(dtype=np.float64) for place in (0, 2))
    if not np.isfinite(first).any():
        return False, ""
    days_before, days_behind = int(counts[first > 12].sum()), int(counts[second > 12].sum())
    if days_before and days_behind:
        return days_before >= days_behind, "days are written before months and behind them"
    if days_before or days_behind:
        return bool(days_before), ""
    dotted = bool((parts[1].dropna() == ".").all())
    return dotted, f"no day above 12 tells the order; read with the {'day' if dotted else 'month'} first"


def _share(which: pd.Series, counts: np.ndarray) -> float:
    return float(counts[which.to_numpy(dtype=bool)].sum() / max(1, counts.sum()))
