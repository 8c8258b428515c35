"""A version's stages and moves as a drawing, made on the server as SVG: no script and no inline style.

Stages stand in columns by phase, in their order; the moves of the type are arrows. What every type may do by the state
table alone (claim, assign, lease runs out) is left out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from workorders.order_types.stages import Stage, Stages
from workorders.orders.states import CLOSED, MOVES, State

WIDTH, BOX, HIGH, GAP, TOP = 960, 152, 46, 34, 16
COLUMNS: Mapping[str, int] = {
    State.QUEUED: 0, State.ASSIGNED: 1, State.IN_PROGRESS: 2, State.WAITING: 3, State.DONE: 4, State.CANCELLED: 4,
}  # fmt: skip
_STRIDE = (WIDTH - BOX) / 4
# Drawn faintly, so that the usual way of an order stands out.
_EXCEPTIONS = frozenset({"cancel", "defer", "hand_over", "merge", "return_unfit", "to_pending"})
# Chinese characters are twice as wide as Latin letters.
_LABEL_WIDTH = 22


@dataclass(frozen=True)
class _Box:
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + HIGH / 2


def draw(*, flow: Stages, title: str, wrong: Collection[str] = (), here: str = "") -> SafeString:
    """wrong: keys of the stages with a problem; here: where an imaginary order stands. "" without a stage."""
    if not flow.stages:
        return SafeString("")
    boxes = _places(flow)
    height = max(box.y for box in boxes.values()) + HIGH + TOP
    arrows = format_html_join(
        "",
        '<path class="rp-flow-move{}" d="{}" marker-end="url(#rp-flow-tip)"><title>{}</title></path>',
        _arrows(flow, boxes),
    )
    return format_html(
        '<svg class="rp-flow" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<defs><marker id="rp-flow-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
        ' orient="auto"><path class="rp-flow-tip" d="M0 0L8 4L0 8z"/></marker></defs>{}{}</svg>',
        WIDTH, f"{height:.0f}", title, arrows, _boxes(flow, boxes, wrong, here),
    )  # fmt: skip


def _places(flow: Stages) -> dict[str, _Box]:
    """One row a desk: a row begins with each queue; what is closed stands below each other in the last column."""
    found: dict[str, _Box] = {}
    row, taken = -1, set[tuple[int, int]]()
    for stage in flow.stages:
        column = COLUMNS.get(stage.phase, 2)
        row += column == 0
        at = max(row, 0)
        while (column, at) in taken:
            at += 1
        taken.add((column, at))
        found.setdefault(stage.key, _Box(column * _STRIDE, TOP + at * (HIGH + GAP)))
    return found


def _boxes(flow: Stages, boxes: Mapping[str, _Box], wrong: Collection[str], here: str) -> SafeString:
    rows = []
    for stage in flow.stages:
        box = boxes[stage.key]
        tone = "bad" if stage.key in wrong else "here" if stage.key == here else _tone(stage)
        rows.append((
            tone, f"{box.x:.0f}", f"{box.y:.0f}", BOX, HIGH, f"{box.x + BOX / 2:.0f}", f"{box.middle + 5:.0f}",
            _short(stage.title or stage.key), stage.title or stage.key,
        ))  # fmt: skip
    return format_html_join(
        "",
        '<rect class="rp-flow-stage rp-flow-{}" x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '<text class="rp-flow-text" text-anchor="middle" x="{}" y="{}">{}<title>{}</title></text>',
        rows,
    )


def _tone(stage: Stage) -> str:
    return "end" if stage.phase in CLOSED else "open"


def _arrows(flow: Stages, boxes: Mapping[str, _Box]) -> list[tuple[str, str, str]]:
    rows = []
    titles = {one.key: one.title or one.key for one in flow.stages}
    for step in flow.steps:
        label = step.title or str(MOVES[step.via].label if step.via in MOVES else step.key)
        for source in step.sources:
            if source in boxes and step.to in boxes:
                rare = " rp-flow-rare" if step.via in _EXCEPTIONS else ""
                text = f"{titles[source]} → {titles[step.to]}: {label}"
                rows.append((rare, _path(boxes[source], boxes[step.to]), text))
    return rows


def _path(a: _Box, b: _Box) -> str:
    if a == b:
        x = a.x + BOX / 2
        return f"M{x - 18:.0f} {a.y:.0f}C{x - 26:.0f} {a.y - 16:.0f} {x + 26:.0f} {a.y - 16:.0f} {x + 18:.0f} {a.y:.0f}"
    if a.x == b.x:
        x, down = a.x + BOX / 2, b.y > a.y
        start, end = (a.y + HIGH, b.y) if down else (a.y, b.y + HIGH)
        return f"M{x:.0f} {start:.0f}L{x:.0f} {end:.0f}"
    if a.x < b.x:
        start, end = a.x + BOX, b.x
        bend = min((end - start) / 2, 60)
        return (
            f"M{start:.0f} {a.middle - 6:.0f}C{start + bend:.0f} {a.middle - 6:.0f}"
            f" {end - bend:.0f} {b.middle - 6:.0f} {end:.0f} {b.middle - 6:.0f}"
        )
    low = max(a.y, b.y) + HIGH + GAP / 2  # back: below the boxes
    start, end = a.x + BOX / 2, b.x + BOX / 2
    return f"M{start:.0f} {a.y + HIGH:.0f}C{start:.0f} {low + 8:.0f} {end:.0f} {low + 8:.0f} {end:.0f} {b.y + HIGH:.0f}"


def _short(text: str) -> str:
    width, kept = 0, ""
    for sign in text:
        width += 2 if ord(sign) > 0x2E80 else 1
        if width > _LABEL_WIDTH:
            return f"{kept}…"
        kept += sign
    return kept
