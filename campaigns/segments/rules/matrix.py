"""What a matrix is: dimensions cut into bands without gaps, and named exclusions. No database, no clock.

A matrix is data, kept as JSON on its row:

    {"code": "value", "name", "name_zh", "layer": "stability", "kind": "number", "field": "arpu", "bands": [
        {"code": "low", "name", "name_zh", "from": null, "to": 50}, {"code": "high", ..., "from": 50, "to": null}]}
    {..., "kind": "choice", "field": "terminal_generation", "bands": [
        {"code": "g5", ..., "values": ["5G"]}, {"code": "older", ..., "values": null}]}       (null: all others)
    {..., "kind": "rule", "facts": ["bill_change"], "bands": [
        {"code": "high", ..., "rule": {...}}, {"code": "middle", ..., "rule": null}]}         (the first that holds)

A number or code that is not known has a band of its own, UNKNOWN; in a dimension of rules, a line of whose `facts` none
is known and for which no rule holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from retention.core.db.models import pick

STABILITY, NEED = "stability", "need"
LAYERS = (STABILITY, NEED)
NUMBER, CHOICE, RULE = "number", "choice", "rule"
UNKNOWN = "unknown"
# A cell is written "mobile.high.fall.bound" or "mobile~g5.new.much", an exclusion "mobile.-new".
MARKS = {STABILITY: ".", NEED: "~"}
SEPARATOR, EXCLUDED = ".", "-"
# In the place of a band: any of them.
ANY = "*"
# In an address, of a movement: in no place of the matrix at that month end.
OUTSIDE = "none"
PROBLEMS_SAID = 5
# With so many dimensions a layer, of such codes, a cell fits the profile's column.
DIMENSION_LIMIT = 3
CODE_LENGTH = 8
BAND_LIMIT = 8
# Lines of a type without a matrix.
NO_MATRIX = "-none"
# A matrix built from segments would wait for itself.
OWN_FIELDS = frozenset({"segment", "segment_need"})


@dataclass(frozen=True)
class Band:
    """start, end: [from, to) of a number, None where open. values: codes, None: all others. rule: None for the rest."""

    code: str
    name: str
    name_zh: str
    start: float | None = None
    end: float | None = None
    values: tuple[str, ...] | None = None
    rule: Mapping[str, Any] | None = None

    @property
    def title(self) -> str:
        return pick(self.name, self.name_zh)


@dataclass(frozen=True)
class Dimension:
    code: str
    name: str
    name_zh: str
    layer: str
    kind: str
    field: str
    facts: tuple[str, ...]
    bands: tuple[Band, ...]

    @property
    def title(self) -> str:
        return pick(self.name, self.name_zh)

    @property
    def may_be_unknown(self) -> bool:
        return self.kind != RULE or bool(self.facts)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its bands in order, that of what is not known last."""
        return (*(band.code for band in self.bands), *([UNKNOWN] if self.may_be_unknown else []))

    def band_title(self, code: str) -> str:
        if code == UNKNOWN:
            return _("Not known")
        return next((band.title for band in self.bands if band.code == code), code)


@dataclass(frozen=True)
class Exclusion:
    """Lines left out before they are layered; the first that holds names the line's place."""

    code: str
    name: str
    name_zh: str
    rule: Mapping[str, Any]
    applies: bool = True

    @property
    def title(self) -> str:
        return pick(self.name, self.name_zh)


@dataclass(frozen=True)
class Matrix:
    """code: of its row."""

    code: str
    dimensions: tuple[Dimension, ...]
    exclusions: tuple[Exclusion, ...] = field(default=())

    @property
    def fields(self) -> set[str]:
        """The keys of all fields that decide where a line stands."""
        found = {one.field for one in self.dimensions if one.field}
        found |= {fact for one in self.dimensions for fact in one.facts}
        rules = [band.rule for one in self.dimensions for band in one.bands] + [one.rule for one in self.exclusions]
        return found | {key for rule in rules if rule is not None for key in _fields_in(rule)}

    def layer(self, layer: str) -> tuple[Dimension, ...]:
        return tuple(one for one in self.dimensions if one.layer == layer)

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(layer for layer in LAYERS if self.layer(layer))

    def cells(self, layer: str) -> Iterator[tuple[str, ...]]:
        """Every cell as the codes of its bands, in reading order."""
        return product(*(one.codes for one in self.layer(layer)))

    def cell_code(self, layer: str, bands: Sequence[str]) -> str:
        return self.code + MARKS[layer] + SEPARATOR.join(bands)

    def exclusion_code(self, exclusion: str) -> str:
        return f"{self.code}{MARKS[STABILITY]}{EXCLUDED}{exclusion}"

    def codes(self, layer: str) -> list[str]:
        """Every place of the layer: its cells, then the exclusions that apply."""
        cells = [self.cell_code(layer, bands) for bands in self.cells(layer)]
        return cells + [self.exclusion_code(one.code) for one in self.exclusions if one.applies]

    def split(self, place: str) -> tuple[str, tuple[str, ...]] | None:
        """(layer, codes of the bands) of a cell or of a pattern with ANY; None for exclusions and what is no cell."""
        for layer in self.layers:
            head = self.code + MARKS[layer]
            bands = tuple(place.removeprefix(head).split(SEPARATOR)) if place.startswith(head) else ()
            dimensions = self.layer(layer)
            if len(bands) == len(dimensions) and all(
                band == ANY or band in one.codes for one, band in zip(dimensions, bands, strict=True)
            ):
                return layer, bands
        return None

    def exclusion(self, place: str) -> Exclusion | None:
        return next((one for one in self.exclusions if self.exclusion_code(one.code) == place), None)

    def title(self, place: str) -> str:
        """A cell, a pattern or an exclusion in the reader's language, as `High · Falling · Bound`."""
        if excluded := self.exclusion(place):
            return _("Left out: %(why)s") % {"why": excluded.title}
        found = self.split(place)
        if found is None:
            return place
        layer, bands = found
        named = [one.band_title(band) for one, band in zip(self.layer(layer), bands, strict=True) if band != ANY]
        return " · ".join(named) or _("All cells")


def _fields_in(rule: Mapping[str, Any]) -> Iterator[str]:
    if "rules" in rule:
        for one in rule["rules"]:
            yield from _fields_in(one)
        return
    yield rule["field"]
    if rule.get("valueSource") == "field":
        yield rule["value"]
