"""Numbers with a unit behind them: "24 months", "1.5 GB", "2年3个月", "1h 20m". All in one unit per column."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

_NUMBER = r"[-+]?\d(?:[\d.,]*\d)?"
_WORD = r"[^\W\d_]+"
CELL = re.compile(rf"(?:{_NUMBER}\s*{_WORD}\.?[\s,]*)+")
PART = re.compile(rf"({_NUMBER})\s*({_WORD})")
NUMBER = re.compile(_NUMBER)
LONGEST_CELL = 40
# So many distinct cells decide whether a column is looked at further, and this share of them must be readable.
TRIED, LEAST_SHARE = 500, 0.5
COUNT = "count"

_DAY, _MONTH = 86_400.0, 86_400 * 365.25 / 12
_SIZES: dict[str, dict[str, float]] = {
    "time": {
        "s sec secs second seconds 秒": 1, "min mins minute minutes 分 分钟": 60, "h hr hrs hour hours 小时": 3_600,
        "d day days 天 日": _DAY, "w week weeks 周 星期": 7 * _DAY, "mo mos mth mths month months 月 个月": _MONTH,
        "y yr yrs year years 年": 12 * _MONTH,
    },
    "data": {
        "byte bytes": 1, "kb kib": 1_024, "mb mib": 1_024**2, "gb gib": 1_024**3, "tb tib": 1_024**4,
    },
    "speed": {"bps": 1, "kbps kbit": 1e3, "mbps mbit": 1e6, "gbps gbit": 1e9},
    COUNT: {"次 个 条 times": 1, "k 千": 1e3, "万": 1e4, "m 百万": 1e6},
    "money": {"元 yuan 块": 1, "角": 0.1, "分钱": 0.01},
}  # fmt: skip
UNITS = {
    word: (dimension, float(size))
    for dimension, sizes in _SIZES.items()
    for words, size in sizes.items()
    for word in words.split()
}


@dataclass(frozen=True)
class UnitTexts:
    """Distinct texts taken apart. cell: the text of each part; number: its digits; size: how many units one stands for.

    unit: the one that all were read in, "" for mere numbers; words: the units that were written."""

    cell: np.ndarray
    number: pd.Series
    size: np.ndarray
    unit: str
    words: list[str]
    bare: int


def take_apart(texts: pd.Series, counts: np.ndarray) -> UnitTexts | None:
    """None when too few cells are numbers with units, or the units are of different kinds.

    Numbers without a unit are taken to be in that of most cells, and `bare` counts them; beside "1.2k" they are ones.
    """
    if _share(texts.iloc[:TRIED], counts[:TRIED]) < LEAST_SHARE:
        return None
    cells, numbers, words = [], [], []
    for place, text in enumerate(texts):
        for number, word in _parts(text):
            cells.append(place)
            numbers.append(number)
            words.append(word)
    used = list(dict.fromkeys(word for word in words if word))
    if not used:
        return None
    bare = int(counts[[place for place, word in zip(cells, words, strict=True) if not word]].sum())
    common = max(used, key=words.count)
    sizes = _sizes(used, common)
    if sizes is None:
        return None
    counted = all(UNITS.get(word, ("", 0.0))[0] == COUNT for word in used)
    if counted and (len(used) > 1 or bare and used != ["m"]):
        size, unit, bare = np.array([UNITS[word][1] if word else 1.0 for word in words]), "", 0
    else:
        unit = min(used, key=sizes.__getitem__)
        size = np.array([sizes[word or common] / sizes[unit] for word in words])
    return UnitTexts(np.array(cells), pd.Series(numbers, dtype="str"), size, unit, used, bare)


def _parts(text: str) -> list[tuple[str, str]]:
    """[(digits, unit)] of a cell, the unit "" for a mere number; [] when it holds anything else."""
    if len(text) > LONGEST_CELL:
        return []
    if CELL.fullmatch(text):
        return PART.findall(text)
    return [(text, "")] if NUMBER.fullmatch(text) else []


def _share(texts: pd.Series, counts: np.ndarray) -> float:
    read = np.array([bool(_parts(text)) for text in texts])
    return float(counts[read].sum() / max(1, counts.sum()))


def _sizes(used: list[str], common: str) -> dict[str, float] | None:
    """The size of each word; None when they cannot be added: of different kinds, or unknown and more than one."""
    if len(used) == 1:
        return {common: 1.0}
    known = {word: UNITS.get(_clear(word, used)) for word in used}
    found = {word: one for word, one in known.items() if one is not None}
    if len(found) < len(used) or len({dimension for dimension, _size in found.values()}) > 1:
        return None
    return {word: size for word, (_dimension, size) in found.items()}


def _clear(word: str, used: list[str]) -> str:
    """A lone "m" is a minute beside hours or seconds and a month beside years."""
    if word != "m":
        return word
    beside = [size for dimension, size in (UNITS.get(other, ("", 0.0)) for other in used) if dimension == "time"]
    if not beside:
        return word
    return "min" if min(beside) <= UNITS["h"][1] else "month"
