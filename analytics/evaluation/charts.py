"""The result of a campaign as charts."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from analytics.evaluation.services.results import Day, GroupResult
from retention.core.ui import charts, formats


def effect_chart(days: Sequence[Day]) -> charts.Spec | None:
    """Difference in leaving with the bounds that hold at every look, by day; None before there is one."""
    shown = [day for day in days if day.difference is not None]
    if not shown:
        return None
    return charts.chart(
        "line",
        title=_("Effect on leaving, as it was known each day"),
        x=[formats.moment(day.on) for day in shown],
        data=[charts.series(_("Difference"), [day.difference for day in shown])],
        band=(_("Bounds of the verdict"), [day.low for day in shown], [day.high for day in shown]),
        threshold=(0.0, _("no effect")),
        format="points",
    )


def group_chart(title: str, groups: Sequence[GroupResult]) -> charts.Spec | None:
    """A forest of the groups of which anything may be said, with the 95 % interval of each: what the campaign kept, the
    difference in leaving turned round, so that right of zero is good.
    """
    shown = [(one, one.comparison.estimate) for one in groups if one.comparison.estimate]
    if len(shown) < 2:
        return None
    return charts.intervals(
        title=_("%(groups)s: kept because of the campaign") % {"groups": title},
        x=[one.name for one, _found in shown],
        middle=[-found.value for _one, found in shown if found],
        low=[-found.high for _one, found in shown if found],
        high=[-found.low for _one, found in shown if found],
    )
