"""What is kept of a cohort over the months, as a chart."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.cohorts.queries import Kept
from retention.core.ui import charts, formats


def kept_chart(frozen_on: date, months: Sequence[Kept], links: Sequence[str]) -> charts.Spec:
    """Base and revenue kept as shares, from the freezing on; links: of the months."""
    return charts.chart(
        "line",
        title=_("Kept of the cohort"),
        x=[formats.moment(frozen_on), *(formats.moment(one.month) for one in months if one.month)],
        data=[
            charts.series(_("Base kept"), [1.0, *(one.share for one in months)]),
            charts.series(pgettext("cohort", "Revenue kept"), [1.0, *(one.revenue_share for one in months)]),
        ],
        format="percent",
        links=["", *links],
    )
