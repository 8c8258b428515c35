"""Flows as a Sankey diagram: what is drawn, how thick, and nothing that a strict policy forbids."""

import re

from retention.core.ui.sankey import Node, sankey

SIDE = [Node("a", "Alpha"), Node("b", "Beta")]


def drawn(flows) -> str:
    gone = [*SIDE, Node("", "Gone", "bad")]
    return str(sankey(title="October", left=SIDE, right=gone, flows=flows))


def test_each_flow_is_a_band_as_thick_as_its_share_and_named():
    svg = drawn({("a", "a"): 30, ("a", "b"): 10, ("b", ""): 20})
    links = re.findall(
        r'<path class="rp-sankey-link rp-sankey-(\w+)" d="[^"]*?v([\d.]+)C[^"]*"><title>(.*?)</title>', svg
    )
    assert [(tone, name) for tone, _thick, name in links] == [
        ("stay", "Alpha → Alpha: 30"), ("move", "Alpha → Beta: 10"), ("bad", "Beta → Gone: 20"),
    ]  # fmt: skip
    thick = [float(thick) for _tone, thick, _name in links]
    assert [round(one / thick[1], 1) for one in thick] == [3.0, 1.0, 2.0]
    assert re.findall(r"<text[^>]*>(.*?)</text>", svg) == ["Alpha 40", "Beta 20", "Alpha 30", "Beta 10", "Gone 20"]
    assert "style" not in svg
    assert "script" not in svg


def test_all_nodes_lie_inside_the_picture():
    svg = drawn({("a", "a"): 1000, ("b", ""): 1})
    top, _width, height = (float(part) for part in re.search(r'viewBox="0 (\S+) (\S+) (\S+)"', svg).groups())
    ends = [float(y) + float(h) for y, h in re.findall(r'y="([\d.]+)" width="12" height="([\d.]+)"', svg)]
    texts = [float(y) for y in re.findall(r'<text[^>]* y="([\d.]+)"', svg)]
    assert max(*ends, *texts) <= top + height
    assert min(texts) > top


def test_names_are_escaped_and_nothing_is_drawn_of_nothing():
    assert "<script>" not in str(sankey(title="x", left=[Node("a", "<script>")], right=SIDE, flows={("a", "a"): 1}))
    assert drawn({}) == drawn({("a", "b"): 0}) == ""
