"""Charts as data: a page builds a spec here, `{% chart spec %}` draws it and repeats it as a table.

A spec is a plain dict (JSON): kind, title, x (labels), series, format (a name of formats.FORMATS), links (an address
for each label). The browser part is static/js/rp-chart.js; nothing but this spec crosses over.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.ui import formats

Spec = dict[str, Any]
Numbers = Sequence[float | Decimal | None]
LINES = ("line", "area", "bar", "stacked", "share", "pie")


def series(
    name: object, values: Numbers, *, tone: str = "", dashed: bool = False, as_line: bool = False
) -> dict[str, Any]:
    """One row of numbers. `tone`: c1..c6, good, bad, muted or a risk tier; `dashed` for forecasts and targets;
    `as_line` draws a line over the bars of a bar chart."""
    return {
        "name": str(name),
        "values": [_plain(v) for v in values],
        "tone": tone,
        "dashed": dashed,
        "as_line": as_line,
    }


def gap(label: object, why: object) -> str:
    """The label of a place of a history that has no values, e.g. "Sep 2026" and "no snapshot"; its values are None, so
    that no line is drawn through it."""
    return f"{label}\n{why}"


def chart(
    kind: str,
    *,
    title: str,
    x: Sequence[object],
    data: Sequence[dict[str, Any]],
    format: str = "count",
    links: Sequence[str] = (),
    threshold: tuple[float, str] | None = None,
    band: tuple[str, Numbers, Numbers] | None = None,
    horizontal: bool = False,
) -> Spec:
    """line, area, bar, stacked, share (stacked to 100 %; give counts and format="percent") or pie.

    `threshold` is (value, label), a level line. `band` is (label, low, high), shaded behind lines.
    """
    if kind not in LINES:
        raise ValueError(f"unknown chart kind {kind!r}")
    rows = _as_shares(data) if kind == "share" else list(data)
    spec = _spec(kind, title, format, links, x=[str(label) for label in x], series=rows, horizontal=horizontal)
    if threshold:
        spec["threshold"] = {"value": _plain(threshold[0]), "label": str(threshold[1])}
    if band:
        spec["band"] = {"name": str(band[0]), "low": [_plain(v) for v in band[1]], "high": [_plain(v) for v in band[2]]}
    return spec


def heatmap(
    *, title: str, x: Sequence[object], y: Sequence[object], cells: Sequence[Numbers], format: str = "count",
    links: Sequence[Sequence[str]] = (),
) -> Spec:  # fmt: skip
    """`cells[row][column]`, rows named by `y`; `links` has the same shape."""
    return _spec(
        "heatmap", title, format, [list(row) for row in links],
        x=[str(v) for v in x], y=[str(v) for v in y], cells=[[_plain(v) for v in row] for row in cells],
    )  # fmt: skip


def funnel(*, title: str, stages: Sequence[object], values: Numbers, links: Sequence[str] = ()) -> Spec:
    """Stages from wide to narrow; the table also shows each stage as a share of the one before."""
    return _spec("funnel", title, "count", links, x=[str(s) for s in stages], series=[series(title, values)])


def intervals(
    *, title: str, x: Sequence[object], middle: Numbers, low: Numbers, high: Numbers, format: str = "points",
    links: Sequence[str] = (),
) -> Spec:  # fmt: skip
    """An estimate with its interval for each label (a forest plot), with a line at zero."""
    row = {**series(title, middle), "low": [_plain(v) for v in low], "high": [_plain(v) for v in high]}
    return _spec("interval", title, format, links, x=[str(label) for label in x], series=[row])


def scatter(
    *, title: str, x_name: str, y_name: str, points: Sequence[tuple[float, float, str, str]], format: str = "decimal",
    diagonal: bool = False,
) -> Spec:  # fmt: skip
    """`points` are (x, y, label, href); `diagonal` draws the line x = y (calibration)."""
    plain = [[_plain(x), _plain(y), str(label), href] for x, y, label, href in points]
    return _spec("scatter", title, format, (), x_name=str(x_name), y_name=str(y_name), points=plain, diagonal=diagonal)


def as_table(spec: Spec) -> tuple[list[str], list[dict[str, Any]]]:
    """The same chart as (header, rows); a row is {"cells": [text], "href": str}."""
    show = lambda value: formats.show(value, spec["format"])  # noqa: E731
    if spec["kind"] == "heatmap":
        return ["", *spec["x"]], [
            _row([name, *map(show, cells)]) for name, cells in zip(spec["y"], spec["cells"], strict=True)
        ]
    if spec["kind"] == "scatter":
        rows = [_row([label, show(x), show(y)], href) for x, y, label, href in spec["points"]]
        return ["", spec["x_name"], spec["y_name"]], rows
    columns = _columns(spec)
    links = spec["links"] or [""] * len(spec["x"])
    rows = [
        _row([label, *(column[place] for _name, column in columns)], links[place])
        for place, label in enumerate(spec["x"])
    ]
    return ["", *(name for name, _values in columns)], rows


def _columns(spec: Spec) -> list[tuple[str, list[str]]]:
    """Every column of the table after the labels, as (name, shown values)."""
    show = lambda values: [formats.show(value, spec["format"]) for value in values]  # noqa: E731
    columns = [(row["name"], show(row["values"])) for row in spec["series"]]
    lower, upper = pgettext("interval", "Low"), pgettext("interval", "High")
    for row in spec["series"]:
        if "low" in row:
            columns += [(lower, show(row["low"])), (upper, show(row["high"]))]
    if band := spec.get("band"):
        columns += [(f"{band['name']} · {bound}", show(band[key])) for bound, key in ((lower, "low"), (upper, "high"))]
    if spec["kind"] == "funnel":
        values = spec["series"][0]["values"]
        shares = [
            formats.DASH,
            *(formats.percent(b / a if a else None) for a, b in zip(values, values[1:], strict=False)),
        ]
        columns.append((_("Of the stage before"), shares))
    return columns


def _as_shares(data: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each value as its share of the sum at its place; None where there is nothing to share."""
    totals = [sum(value or 0 for value in column) for column in zip(*(row["values"] for row in data), strict=True)]
    return [
        {
            **row,
            "values": [
                (value or 0) / total if total else None for value, total in zip(row["values"], totals, strict=True)
            ],
        }
        for row in data
    ]


def _row(cells: list[str], href: str = "") -> dict[str, Any]:
    return {"cells": cells, "href": href}


def _plain(value: Any) -> float | int | None:
    """Decimals and numpy numbers do not survive JSON."""
    if value is None:
        return None
    as_float = float(value)
    if as_float != as_float:
        return None
    return int(as_float) if as_float.is_integer() else as_float


def _spec(kind: str, title: str, format: str, links: Sequence[Any], **rest: Any) -> Spec:
    if format not in formats.FORMATS:
        raise ValueError(f"unknown format {format!r}")
    return {"kind": kind, "title": str(title), "format": format, "links": list(links), **rest}
