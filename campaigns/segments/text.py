"""Places and alerts in the reader's language."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.audiences.rules import format_rule
from campaigns.segments.defaults import FLOW_KIND
from campaigns.segments.models import Segmentation
from campaigns.segments.rules import LAYERS, NEED, RULE, STABILITY, UNKNOWN, Band, Dimension, Matrix
from customers.fields import FIELDS
from customers.fields.text import BORDER, field_label, format_code, format_number
from retention.core.alerts.models import Alert
from retention.core.alerts.rules import AlertKind
from retention.core.errors import Invalid
from retention.core.ui import formats

LAYER_LABELS = {STABILITY: gettext_lazy("Stability"), NEED: gettext_lazy("Need")}
assert set(LAYER_LABELS) == set(LAYERS)


def format_place(place: str, matrix: Matrix | None) -> str:
    """A cell, exclusion or "" (not a line of ours at that month end); its code where the matrix is gone."""
    return matrix.title(place) if matrix and place else place or formats.DASH


def format_pair(name: str, value: str) -> str:
    return pgettext("a name and its value", "%(name)s: %(value)s") % {"name": name, "value": value}


def format_band(one: Dimension, code: str) -> str:
    """What a band holds: `80 to 120 yuan`, `5G`, the sentence of its rule, or that the rest is in it."""
    if code == UNKNOWN:
        facts = [one.field] if one.kind != RULE else one.facts
        names = pgettext("between the values of a list", ", ").join(field_label(key) for key in facts)
        return _("%(facts)s: not known") % {"facts": names}
    band = next(band for band in one.bands if band.code == code)
    if one.kind == RULE:
        return _("all others") if band.rule is None else format_rule_or_problem(band.rule)
    label = field_label(one.field)
    if one.kind == "choice":
        if band.values is None:
            return _("%(field)s: all others") % {"field": label}
        field = FIELDS.get(one.field)
        shown = [format_code(field, value) if field else value for value in band.values]
        return format_pair(label, pgettext("between the values of a list", ", ").join(shown))
    return format_pair(label, _borders(one, band))


def format_rule_or_problem(rule: object) -> str:
    """The sentence of a stored rule, or why it cannot be read any more."""
    try:
        return format_rule(rule)
    except Invalid as problem:
        return str(problem.message)


def _borders(one: Dimension, band: Band) -> str:
    field = FIELDS.get(one.field)

    def show(value: float | None) -> str:
        return format_number(field, value, BORDER)

    if band.start is None and band.end is None:
        return _("any value")
    if band.start is None:
        return _("below %(end)s") % {"end": show(band.end)}
    if band.end is None:
        return _("%(start)s and more") % {"start": show(band.start)}
    return _("%(start)s to below %(end)s") % {"start": show(band.start), "end": show(band.end)}


def format_flow(alarm: Alert) -> str:
    """How many lines went from which cell to which, against the usual share."""
    detail = alarm.detail
    row = Segmentation.objects.filter(code=detail["segmentation"]).first()
    matrix = row.matrix if row else None
    return _(
        "%(matrix)s: %(lines)s lines went from “%(before)s” to “%(after)s” in the month to %(month)s,"
        " %(share)s of the cell; usual are %(usual)s"
    ) % {
        "matrix": row.title if row else detail["segmentation"],
        "lines": formats.number(detail["lines"]),
        "before": format_place(detail["before"], matrix),
        "after": format_place(detail["after"], matrix),
        "month": formats.moment(date.fromisoformat(detail["month"])),
        "share": formats.percent(detail["share"]),
        "usual": formats.percent(detail["usual"]),
    }


FLOW_ALERT = AlertKind(
    code=FLOW_KIND,
    label=gettext_lazy("Migration between segments"),
    opens_when=gettext_lazy("Twice the usual share of a cell's lines, or more, goes to one other cell in a month."),
    meaning=gettext_lazy("A price, a rival or a campaign moves this group: look at its lines before the next month."),
    permission="segments.edit",
    route="segments:segmentations",
    format=format_flow,
)
