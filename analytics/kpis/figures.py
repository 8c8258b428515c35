"""The indicators as figures of the lists of their rows (`retention.core.ui.figures`)."""

from urllib.parse import urlencode

from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics.kpis.defaults import KPIS, Kpi
from analytics.kpis.models import KpiValue
from analytics.kpis.queries import series
from customers.profile.queries.windows import profile_windows
from retention.core.accounts.models import User
from retention.core.db.inline import subselect
from retention.core.ui import formats
from retention.core.ui.figures import FIGURES, Figure

PAGES = {"customers": "customers:list", "orders": "workorders:supervise"}
FORMATS = {"count": formats.number, "percent": formats.percent, "money": formats.money}


def figure_link(kpi: Kpi) -> str:
    """The address of the list of the rows behind an indicator."""
    order = {"sort": kpi.sort} if kpi.sort else {}
    return f"{reverse(PAGES[kpi.source.page])}?{urlencode({'figure': kpi.key} | order)}"


def counted_ids(kpi: Kpi) -> RawSQL | None:
    """The keys of the rows behind the newest value. None before the first night."""
    as_of = KpiValue.objects.latest_date()
    if as_of is None:
        return None
    sql = f"SELECT {kpi.source.key} {kpi.source.sql} AND ({kpi.counted})"  # noqa: S608
    return subselect(sql, profile_windows(as_of).params())


def figure_sentence(kpi: Kpi, user: User) -> str:
    """`Churn, 30 days: 1.6% as of 28 Nov 2026. Voluntary terminations ...`"""
    as_of = KpiValue.objects.latest_date()
    points = series(user=user, until=as_of, days=1).get(kpi.key) if as_of else None
    if not points:
        return _("%(figure)s: no value yet.") % {"figure": kpi.label}
    day, value = points[-1]
    said = _("%(figure)s: %(value)s as of the end of %(day)s, and the rows behind it.") % {
        "figure": kpi.label, "value": FORMATS[kpi.unit](value), "day": date_format(day, "SHORT_DATE_FORMAT"),
    }  # fmt: skip
    return f"{said} {kpi.help}." if kpi.help else said


def register_figures() -> None:
    """Declare every indicator that has rows to show."""
    for kpi in KPIS.values():
        if kpi.counted:
            FIGURES.declare(kpi.key, _figure(kpi))


def _figure(kpi: Kpi) -> Figure:
    return Figure(kpi.source.page, kpi.label, lambda: counted_ids(kpi), lambda user: figure_sentence(kpi, user))
