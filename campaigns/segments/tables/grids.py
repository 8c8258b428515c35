"""The matrix and the migration as grids of bands, with how many lines stand where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.segments.rules import ANY, OUTSIDE, UNKNOWN, Dimension, Matrix
from campaigns.segments.tables.links import lines_url, moved_url
from campaigns.segments.text import format_band, format_pair
from retention.core.ui import formats

HEAT_STEPS = 10
Counts = Mapping[str, tuple[int, float]]


@dataclass(frozen=True)
class Figures:
    """before: lines at the month end before, None where that does not compare."""

    lines: int = 0
    revenue: float = 0.0
    before: int | None = None

    @property
    def change(self) -> float | None:
        return self.lines / self.before - 1 if self.before else None

    @property
    def change_text(self) -> str:
        return formats.signed(self.change * 100, 1) + "%" if self.change is not None else formats.DASH

    def __add__(self, other: "Figures") -> "Figures":
        before = None if self.before is None or other.before is None else self.before + other.before
        return Figures(self.lines + other.lines, self.revenue + other.revenue, before)


def total(figures: Iterable[Figures]) -> Figures:
    found = list(figures)
    return sum(found[1:], start=found[0]) if found else Figures()


@dataclass(frozen=True)
class Head:
    """A band as a heading. hint: what it holds."""

    title: str
    hint: str = ""
    span: int = 1


@dataclass(frozen=True)
class Cell:
    """One number of the matrix. heat: 0 to HEAT_STEPS. lines_url: its rows; cell_url: its page; action: a scenario."""

    place: str
    figures: Figures
    lines_url: str
    cell_url: str = ""
    heat: int = 0
    action: str = ""
    action_title: str = ""


@dataclass(frozen=True)
class Row:
    heads: Sequence[Head]
    cells: Sequence[Cell]
    whole: Cell


@dataclass
class MatrixGrid:
    """A layer as a table: its last dimension across, the others down.

    counts, before: by place. Bands of what is not known are left out while nobody stands in them.
    month: the month end that is shown, None for now; branch: its code; the links to the lines carry both. by: "lines"
    or "revenue", what the shade follows.
    """

    matrix: Matrix
    layer: str
    counts: Counts
    before: Counts | None
    month: date | None = None
    branch: str = ""
    by: str = "lines"
    actions: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        return self.matrix.layer(self.layer)

    @property
    def corner(self) -> list[str]:
        return [one.title for one in self.down]

    @property
    def across(self) -> Dimension:
        return self.dimensions[-1]

    @property
    def down(self) -> tuple[Dimension, ...]:
        return self.dimensions[:-1]

    @cached_property
    def shown(self) -> list[list[str]]:
        """The codes of the bands that are shown, of each dimension."""
        stood = {bands for bands, figures in self.figures.items() if figures.lines or figures.before}
        return [
            [code for code in one.codes if code != UNKNOWN or any(bands[at] == UNKNOWN for bands in stood)]
            for at, one in enumerate(self.dimensions)
        ]

    @cached_property
    def figures(self) -> dict[tuple[str, ...], Figures]:
        cells = self.matrix.cells(self.layer)
        return {bands: self._figures(self.matrix.cell_code(self.layer, bands)) for bands in cells}

    @property
    def columns(self) -> list[Head]:
        one = self.across
        return [Head(format_pair(one.title, one.band_title(code)), format_band(one, code)) for code in self.shown[-1]]

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(bands) for bands in product(*self.shown[:-1])]

    @property
    def totals(self) -> list[Cell]:
        """Below each column, and of all cells."""
        every = [ANY] * len(self.down)
        return [self._cell((*every, code)) for code in [*self.shown[-1], ANY]]

    @property
    def left_out(self) -> list[dict[str, Any]]:
        """Rows of the table of exclusions, those that apply."""
        places = [(one, self.matrix.exclusion_code(one.code)) for one in self.matrix.exclusions if one.applies]
        return [self._left_out(one.title, place, self._figures(place)) for one, place in places]

    @property
    def in_cells(self) -> Figures:
        return total(self.figures.values())

    @property
    def outside(self) -> Figures:
        return total(row["figures"] for row in self.left_out)

    @property
    def whole(self) -> Figures:
        """Cells and exclusions: every live line that the matrix places."""
        return total([*self.figures.values(), *(row["figures"] for row in self.left_out)])

    def _left_out(self, title: str, place: str, figures: Figures) -> dict[str, Any]:
        return {
            "title": title, "figures": figures, "lines": figures.lines, "revenue": figures.revenue,
            "change": figures.change, "url": self._lines_url(place),
        }  # fmt: skip

    def _figures(self, place: str) -> Figures:
        lines, revenue = self.counts.get(place, (0, 0.0))
        return Figures(lines, revenue, None if self.before is None else self.before.get(place, (0, 0.0))[0])

    def _row(self, bands: tuple[str, ...]) -> Row:
        cells = [self._cell((*bands, code)) for code in self.shown[-1]]
        return Row(self._heads(bands), cells, self._cell((*bands, ANY)))

    def _heads(self, bands: tuple[str, ...]) -> list[Head]:
        """A heading spans the rows of the dimensions after it and stands in the first of them only."""
        heads = []
        for at, code in enumerate(bands):
            if all(code == self.shown[place][0] for place, code in enumerate(bands) if place > at):
                span = 1
                for codes in self.shown[at + 1 : -1]:
                    span *= len(codes)
                heads.append(Head(self.down[at].band_title(code), format_band(self.down[at], code), span))
        return heads

    def _cell(self, bands: tuple[str, ...]) -> Cell:
        place, is_sum = self.matrix.cell_code(self.layer, bands), ANY in bands
        matching = (
            one for codes, one in self.figures.items() if all(a in (ANY, b) for a, b in zip(bands, codes, strict=True))
        )
        figures = total(matching) if is_sum else self.figures[bands]
        action = self.actions.get(place.removeprefix(self.matrix.code), "")
        return Cell(
            place, figures, self._lines_url(place),
            cell_url="" if is_sum else reverse("segments:cell", args=[self.matrix.code, place]),
            heat=0 if is_sum else self._heat(figures), action=action, action_title=self.scenarios.get(action, action),
        )  # fmt: skip

    @cached_property
    def _most(self) -> float:
        return max((getattr(one, self.by) for one in self.figures.values()), default=0)

    def _heat(self, figures: Figures) -> int:
        value = getattr(figures, self.by)
        return max(1, round(HEAT_STEPS * value / self._most)) if value and self._most else 0

    def _lines_url(self, place: str) -> str:
        return lines_url(self.matrix.code, place, month=self.month, branch=self.branch)


@dataclass
class MigrationGrid:
    """A month's migration by the bands of one dimension: before down, after across.

    flows: {(before, after): (lines, revenue)} of places. Excluded lines are one band, those that joined or left one.
    """

    matrix: Matrix
    dimension: Dimension
    flows: Mapping[tuple[str, str], tuple[int, float]]
    month: date
    branch: str = ""

    NOWHERE, LEFT_OUT = "", "-"

    @cached_property
    def counts(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for (before, after), (lines, _revenue) in self.flows.items():
            pair = self._band(before), self._band(after)
            found[pair] = found.get(pair, 0) + lines
        return found

    def keys(self, side: int) -> list[str]:
        there = {pair[side] for pair in self.counts}
        return [key for key in (*self.dimension.codes, self.LEFT_OUT, self.NOWHERE) if key in there]

    def title(self, key: str, side: int) -> str:
        if key == self.NOWHERE:
            return _("Joined since") if side == 0 else _("Gone since")
        return pgettext("segments", "Left out") if key == self.LEFT_OUT else self.dimension.band_title(key)

    @property
    def columns(self) -> list[str]:
        return [self.title(key, 1) for key in self.keys(1)]

    @property
    def rows(self) -> list[dict[str, Any]]:
        most = max((n for (a, b), n in self.counts.items() if a != b), default=0)
        rows = []
        for before in self.keys(0):
            stood = sum(n for (a, _after), n in self.counts.items() if a == before)
            cells = [self._cell(before, after, stood, most) for after in self.keys(1)]
            rows.append({"title": self.title(before, 0), "cells": cells, "lines": stood})
        return rows

    def _cell(self, before: str, after: str, stood: int, most: int) -> dict[str, Any]:
        lines = self.counts.get((before, after), 0)
        stays = before == after != self.NOWHERE
        heat = max(1, round(HEAT_STEPS * lines / most)) if lines and most and not stays else 0
        url = self._url(before, after) if lines else ""
        share = formats.percent(lines / stood if stood else None)
        return {"lines": lines, "share": share, "heat": heat, "stays": stays, "url": url}

    def _url(self, before: str, after: str) -> str:
        ends = self._pattern(before), self._pattern(after)
        return moved_url(self.matrix.code, *ends, month=self.month, branch=self.branch)

    def _pattern(self, key: str) -> str:
        """The places of a band as a pattern that the list of lines reads."""
        if key == self.NOWHERE:
            return OUTSIDE
        if key == self.LEFT_OUT:
            return self.matrix.exclusion_code(ANY)
        bands = [key if one is self.dimension else ANY for one in self.matrix.layer(self.dimension.layer)]
        return self.matrix.cell_code(self.dimension.layer, bands)

    def _band(self, place: str) -> str:
        if not place:
            return self.NOWHERE
        found = self.matrix.split(place)
        if found is None:
            return self.LEFT_OUT
        dimensions = self.matrix.layer(self.dimension.layer)
        return found[1][dimensions.index(self.dimension)]
