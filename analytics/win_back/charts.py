"""Win-back rates as a chart."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from analytics.win_back.rules import WinBackRate
from analytics.win_back.text import format_days_since
from retention.core.ui import charts


def rate_chart(rates: Sequence[WinBackRate], links: Sequence[str]) -> charts.Spec | None:
    """The rate of each bin with its interval; None before two of them were tried."""
    shown = [(one, link) for one, link in zip(rates, links, strict=True) if one.rate is not None]
    if len(shown) < 2:
        return None
    return charts.intervals(
        title=_("Won back, by days since leaving"),
        x=[format_days_since(one.days) for one, _link in shown],
        middle=[one.rate for one, _link in shown],
        low=[one.low for one, _link in shown],
        high=[one.high for one, _link in shown],
        format="percent",
        links=[link for _one, link in shown],
    )
