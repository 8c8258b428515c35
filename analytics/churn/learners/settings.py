"""Settings of a fit: effort, and the parts of a model."""

from dataclasses import dataclass
from enum import StrEnum


class PartName(StrEnum):
    TREES = "trees"
    SHALLOW = "shallow"
    LINE = "line"


@dataclass(frozen=True)
class Settings:
    """parts: none at all is the prior rate. depths: candidates, tried on the first two folds; depth 2 is pairs of
    factors only. trees: at most so many a forest. max_rows: more than this adds time, not accuracy."""

    parts: tuple[PartName, ...] = (PartName.TREES, PartName.SHALLOW, PartName.LINE)
    folds: int = 5
    depths: tuple[int, ...] = (3, 6)
    trees: int = 1500
    shares: int = 12
    max_rows: int = 200_000
    threads: int = 2
    seed: int = 20_231
