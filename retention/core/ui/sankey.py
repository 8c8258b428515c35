"""Flows between two states as a Sankey diagram, drawn on the server as SVG: no script and no inline style.

It names sums only, so the page that shows it shows the same flows as a table beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from retention.core.ui import formats

WIDTH, NODE, GAP, TEXT = 760, 12, 16, 190
# Above and below the nodes: the label of a node is higher than a small node.
PAD = 8
LEAST_HEIGHT, A_NODE = 220, 46


@dataclass(frozen=True)
class Node:
    """One state on a side; key: in `flows`. tone: stay, good or bad, of what leaves or enters it."""

    key: str
    label: str
    tone: str = "move"


@dataclass(frozen=True)
class _Place:
    top: float
    height: float


def sankey(
    *, title: str, left: Sequence[Node], right: Sequence[Node], flows: Mapping[tuple[str, str], int]
) -> SafeString:
    """flows: {(key on the left, key on the right): how many}. "" when there is nothing to draw.

    A flow between nodes of one key stays; the others take the tone of the node on the right, or of the left one.
    """
    drawn = {pair: n for pair, n in flows.items() if n > 0}
    total = sum(drawn.values())
    if not total:
        return SafeString("")
    sums = [{node.key: sum(n for pair, n in drawn.items() if pair[side] == node.key) for node in nodes}
            for side, nodes in enumerate((left, right))]  # fmt: skip
    left, right = ([node for node in nodes if held[node.key]] for nodes, held in zip((left, right), sums, strict=True))
    height = max(LEAST_HEIGHT, A_NODE * max(len(left), len(right)))
    scale = (height - GAP * (max(len(left), len(right)) - 1)) / total
    places = [_places(nodes, held, scale) for nodes, held in zip((left, right), sums, strict=True)]
    return format_html(
        '<svg class="rp-sankey" viewBox="0 {} {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        -PAD, WIDTH, f"{height + 2 * PAD:.0f}", title, _links(left, right, drawn, places, scale),
        _nodes(left, places[0], sums[0], x=TEXT, at_end=True), _nodes(right, places[1], sums[1], x=WIDTH - TEXT - NODE),
    )  # fmt: skip


def _places(nodes: Sequence[Node], held: Mapping[str, int], scale: float) -> dict[str, _Place]:
    found, top = {}, 0.0
    for node in nodes:
        found[node.key] = _Place(top, held[node.key] * scale)
        top += held[node.key] * scale + GAP
    return found


def _nodes(
    nodes: Sequence[Node], places: Mapping[str, _Place], held: Mapping[str, int], *, x: float, at_end: bool = False
) -> SafeString:
    rows = []
    for node in nodes:
        place = places[node.key]
        text_x = x - 6 if at_end else x + NODE + 6
        rows.append((
            x, f"{place.top:.1f}", NODE, f"{max(place.height, 1):.1f}", "end" if at_end else "start", text_x,
            f"{place.top + place.height / 2 + 4:.1f}", node.label, formats.number(held[node.key]),
        ))  # fmt: skip
    return format_html_join(
        "",
        '<rect class="rp-sankey-node" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="rp-sankey-text" text-anchor="{}" x="{}" y="{}">{} {}</text>',
        rows,
    )


def _links(
    left: Sequence[Node], right: Sequence[Node], flows: Mapping[tuple[str, str], int],
    places: Sequence[Mapping[str, _Place]], scale: float,
) -> SafeString:  # fmt: skip
    start, end = TEXT + NODE, WIDTH - TEXT - NODE
    middle = (start + end) / 2
    out = {node.key: places[0][node.key].top for node in left}
    into = {node.key: places[1][node.key].top for node in right}
    rows = []
    for one in left:
        for other in right:
            n = flows.get((one.key, other.key), 0)
            if not n:
                continue
            thick = n * scale
            a, b = out[one.key], into[other.key]
            out[one.key] += thick
            into[other.key] += thick
            path = (
                f"M{start} {a:.1f}C{middle:.0f} {a:.1f} {middle:.0f} {b:.1f} {end} {b:.1f}"
                f"v{thick:.1f}C{middle:.0f} {b + thick:.1f} {middle:.0f} {a + thick:.1f} {start} {a + thick:.1f}z"
            )
            tone = "stay" if one.key == other.key else other.tone if other.tone != "move" else one.tone
            rows.append((tone, path, one.label, other.label, formats.number(n)))
    return format_html_join(
        "", '<path class="rp-sankey-link rp-sankey-{}" d="{}"><title>{} → {}: {}</title></path>', rows
    )
