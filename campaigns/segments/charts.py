"""Segments as charts: a cell over the months, a month's migration."""

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.segments.tables import MigrationGrid
from retention.core.ui import charts, formats
from retention.core.ui.sankey import Node, sankey


def trend_charts(days: Sequence[date], figures: Sequence[tuple[int, float]]) -> list[charts.Spec]:
    """Lines and revenue of a cell on the dates that were counted; empty for fewer than two."""
    if len(days) < 2:
        return []
    x = [formats.moment(day) for day in days]
    lines, revenue = zip(*figures, strict=True)
    return [
        charts.chart("line", title=_("Lines"), x=x, data=[charts.series(_("Lines"), lines)]),
        charts.chart(
            "line", title=_("Monthly spend"), x=x, data=[charts.series(_("Monthly spend"), revenue)], format="money"
        ),
    ]


def migration_sankey(grid: MigrationGrid, *, title: str) -> SafeString:
    """The migration of a month by one dimension: bands before on the left, after on the right."""
    tones = {grid.NOWHERE: ("good", "bad")}
    sides = [
        [Node(key, grid.title(key, side), tones.get(key, ("move", "move"))[side]) for key in grid.keys(side)]
        for side in (0, 1)
    ]
    return sankey(title=title, left=sides[0], right=sides[1], flows=grid.counts)
