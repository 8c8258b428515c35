"""Reading a matrix from the JSON of its row, with every problem in words."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from campaigns.audiences.rules import RuleField, fields_of, parse
from campaigns.segments.rules.matrix import (
    BAND_LIMIT,
    CODE_LENGTH,
    DIMENSION_LIMIT,
    LAYERS,
    OWN_FIELDS,
    PROBLEMS_SAID,
    STABILITY,
    UNKNOWN,
    Band,
    Dimension,
    Exclusion,
    Matrix,
)
from retention.core.errors import Invalid
from retention.core.ui import formats


def read_matrix(
    *, code: str, dimensions: object, exclusions: object, fields: Mapping[str, RuleField]
) -> Matrix:  # fmt: skip
    """The checked matrix. fields: rules.rule_catalogue().

    Invalid with every mistake in `details`, {"field": "dimensions" or "exclusions", "code", "message"}.
    """
    reader = _Reader(code, fields)
    read = tuple(filter(None, (reader.dimension(one) for one in _list(dimensions))))
    left_out = tuple(filter(None, (reader.exclusion(one) for one in _list(exclusions))))
    for layer, limit in ((layer, DIMENSION_LIMIT) for layer in LAYERS):
        if sum(one.layer == layer for one in read) > limit:
            reader.wrong("dimensions", _("A layer has at most %(limit)d dimensions.") % {"limit": limit})
    if not any(one.layer == STABILITY for one in read):
        reader.wrong("dimensions", _("A matrix needs at least one dimension of stability."))
    for name, rows in (("dimensions", read), ("exclusions", left_out)):
        if len({one.code for one in rows}) < len(rows):
            reader.wrong(name, _("Two of them have the same code."))
    if reader.problems:
        text = "; ".join(one["message"] for one in reader.problems[:PROBLEMS_SAID])
        raise Invalid(text, code="invalid_matrix", details=reader.problems)
    return Matrix(code, read, left_out)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


class _Reader:
    def __init__(self, code: str, fields: Mapping[str, RuleField]) -> None:
        self.code = code
        self.fields = fields
        self.problems: list[dict[str, str]] = []

    def wrong(self, field: str, message: str) -> None:
        self.problems.append({"field": field, "code": "invalid", "message": message})

    def dimension(self, raw: Mapping[str, Any]) -> Dimension | None:
        found = Dimension(
            code=str(raw.get("code", "")), name=str(raw.get("name", "")), name_zh=str(raw.get("name_zh", "")),
            layer=str(raw.get("layer", "")), kind=str(raw.get("kind", "")), field=str(raw.get("field", "")),
            facts=tuple(raw.get("facts", ())), bands=tuple(_band(one) for one in _list(raw.get("bands"))),
        )  # fmt: skip
        for problem in self._problems_of(found):
            self.wrong("dimensions", formats.labelled(found.title, problem))
        return found

    def _problems_of(self, one: Dimension) -> Iterator[str]:
        yield from _code_problems([one])
        if one.layer not in LAYERS:
            yield _("the layer is “stability” or “need”")
        if not 1 <= len(one.bands) <= BAND_LIMIT:
            yield _("between 1 and %(limit)d bands are needed") % {"limit": BAND_LIMIT}
            return
        yield from _code_problems(one.bands)
        match one.kind:
            case "number":
                yield from self._field_problems(one.field, number=True)
                yield from border_problems(one.bands)
            case "choice":
                yield from self._field_problems(one.field, number=False)
                yield from _value_problems(one.bands)
            case "rule":
                for fact in one.facts:
                    yield from self._field_problems(fact, number=None)
                yield from self._rule_problems(one.bands)
            case _:
                yield _("the kind is “number”, “choice” or “rule”")

    def _field_problems(self, key: str, *, number: bool | None) -> Iterator[str]:
        found = self.fields.get(key)
        if found is None or key in OWN_FIELDS or found.membership:
            yield _("unknown field “%(key)s”") % {"key": key}
        elif number is not None and found.is_number != number:
            yield _("“%(field)s” cannot be cut into such bands") % {"field": found.label}

    def _rule_problems(self, bands: Sequence[Band]) -> Iterator[str]:
        if bands[-1].rule is not None or any(band.rule is None for band in bands[:-1]):
            yield _("every band but the last has a rule, the last takes all other lines")
            return
        for band in bands[:-1]:
            yield from self._problems_in(band.rule)

    def _problems_in(self, rule: object) -> Iterator[str]:
        try:
            tree = parse(rule, fields=self.fields)
        except Invalid as problem:
            yield str(problem.message)
            return
        for field in fields_of(tree):
            if field.key in OWN_FIELDS:
                loop = f"{self.code} → {field.label} → {self.code}"
                yield _("a matrix cannot be built from segments: %(loop)s") % {"loop": loop}
            elif field.membership:  # of today: past month ends are placed by the same matrix
                yield _("a matrix is built from facts of the line, not from “%(field)s”") % {"field": field.label}

    def exclusion(self, raw: Mapping[str, Any]) -> Exclusion:
        found = Exclusion(
            str(raw.get("code", "")), str(raw.get("name", "")), str(raw.get("name_zh", "")), raw.get("rule") or {},
            bool(raw.get("applies", True)),
        )  # fmt: skip
        for problem in (*_code_problems([found]), *self._problems_in(found.rule)):
            self.wrong("exclusions", formats.labelled(found.title, problem))
        return found


def _band(raw: Mapping[str, Any]) -> Band:
    values = raw.get("values")
    return Band(
        code=str(raw.get("code", "")), name=str(raw.get("name", "")), name_zh=str(raw.get("name_zh", "")),
        start=_number(raw.get("from")), end=_number(raw.get("to")),
        values=tuple(map(str, values)) if isinstance(values, list) else None, rule=raw.get("rule"),
    )  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _code_problems(rows: Sequence[Band | Exclusion | Dimension]) -> Iterator[str]:
    seen: set[str] = set()
    for row in rows:
        code = row.code
        if not (0 < len(code) <= CODE_LENGTH and code.isascii() and code.isalnum() and code.lower() == code):
            yield _("the code “%(code)s” is not of 1 to %(length)d small letters and digits") % {
                "code": code[:20],
                "length": CODE_LENGTH,
            }
        elif code == UNKNOWN or code in seen:
            yield _("the code “%(code)s” is taken") % {"code": code}
        if not row.name:
            yield _("every band needs a name")
        seen.add(code)


def border_problems(bands: Sequence[Band]) -> Iterator[str]:
    """What keeps the bands of a number from covering every value exactly once, as sentences."""
    if bands[0].start is not None:
        yield _("the lowest band “%(band)s” must be open below") % {"band": bands[0].title}
    if bands[-1].end is not None:
        yield _("the highest band “%(band)s” must be open above") % {"band": bands[-1].title}
    for band in bands:
        if band.start is not None and band.end is not None and band.end <= band.start:
            yield _("the band “%(band)s” ends before it begins") % {"band": band.title}
    for lower, upper in pairwise(bands):
        names = {"lower": lower.title, "upper": upper.title, "end": _shown(lower.end), "start": _shown(upper.start)}
        if lower.end is None or upper.start is None or upper.start < lower.end:
            yield _("“%(lower)s” and “%(upper)s” overlap: each band begins where the one below it ends") % names
        elif upper.start > lower.end:
            yield _("between %(end)s and %(start)s there is no band: “%(upper)s” must begin at %(end)s") % names


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _value_problems(bands: Sequence[Band]) -> Iterator[str]:
    if sum(band.values is None for band in bands) != 1:
        yield _("exactly one band takes all other values")
    taken: dict[str, str] = {}
    for band in bands:
        if band.values is not None and not band.values:
            yield _("the band “%(band)s” has no value") % {"band": band.title}
        for value in band.values or ():
            if value in taken:
                yield _("“%(value)s” is in “%(one)s” and in “%(other)s”") % {
                    "value": value,
                    "one": taken[value],
                    "other": band.title,
                }
            taken[value] = band.title
