"""Alarms and proposals as sentences in the reader's language."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from analytics.monitoring.models import AlarmKind
from analytics.monitoring.rules import Verdict
from customers.fields.choices import TenureCohort
from customers.fields.text import field_label
from retention.core.alerts.models import Alert
from retention.core.ui import formats


def format_alarm(alarm: Alert) -> str:
    """An alarm's event, subject and start."""
    said = alarm.sentence
    if alarm.closed_on is None:
        return said
    return _("%(said)s (over since %(day)s)") % {"said": said, "day": formats.moment(alarm.closed_on)}


VERDICTS = {
    Verdict.USUAL: gettext_lazy("as in the reference"),
    Verdict.CALENDAR: gettext_lazy("moves with the month"),
    Verdict.UNJUDGED: gettext_lazy("no night to compare with yet"),
    Verdict.BEYOND: gettext_lazy("over the threshold"),
}


def format_quiet(verdicts: Collection[Verdict]) -> str:
    """What it means that no alarm is open, given the verdicts of all factors on the last night."""
    far = [one for one in verdicts if one != Verdict.USUAL]
    if not far:
        return _("No alarm is open: what comes in looks as it did when the model was trained.")
    counts = [
        (Verdict.CALENDAR, _("%(n)d moves with the day of the month, as it did before")),
        (
            Verdict.UNJUDGED,
            _("%(n)d cannot be judged: no night of that place in the month, or the night before, was watched"),
        ),
        (Verdict.BEYOND, _("%(n)d is over its threshold, on too few lines or nights for an alarm")),
    ]
    parts = [words % {"n": far.count(one)} for one, words in counts if one in far]
    return ngettext(
        "No alarm is open, but %(n)d factor lies far from the reference: %(why)s.",
        "No alarm is open, but %(n)d factors lie far from the reference: %(why)s.",
        len(far),
    ) % {"n": len(far), "why": pgettext("between sentences", "; ").join(parts)}


def _feature(alarm: Alert) -> str:
    said = _("%(factor)s: the distribution moved, PSI %(psi)s since %(day)s") % {
        "factor": field_label(alarm.subject),
        "psi": formats.number(alarm.detail.get("psi", alarm.value), 2),
        "day": formats.moment(alarm.opened_on),
    }
    blank, before = alarm.detail.get("blank", 0), alarm.detail.get("blank_before", 0)
    return said + pgettext("between sentences", "; ") + _blanks(blank, before) if blank - before >= 0.01 else said


def _missing(alarm: Alert) -> str:
    return _("%(factor)s: %(blanks)s, since %(day)s. A feed may be broken: mend it before anything is retrained.") % {
        "factor": field_label(alarm.subject),
        "blanks": _blanks(alarm.detail.get("blank", 0), alarm.detail.get("blank_before", 0)),
        "day": formats.moment(alarm.opened_on),
    }


def _blanks(blank: float, before: float) -> str:
    return _("blank for %(share)s of lines, was %(before)s") % {
        "share": formats.percent(blank),
        "before": formats.percent(before),
    }


def _score(alarm: Alert) -> str:
    return _("The scores: their distribution moved, PSI %(psi)s since %(day)s") % {
        "psi": formats.number(alarm.detail.get("psi", alarm.value), 2),
        "day": formats.moment(alarm.opened_on),
    }


def _calibration(alarm: Alert) -> str:
    cohort = dict(TenureCohort.choices).get(alarm.subject)
    values = {
        "who": cohort or _("All lines"),
        "month": _day(alarm),
        "said": formats.percent(alarm.detail.get("said")),
        "happened": formats.percent(alarm.detail.get("happened")),
    }
    return _(
        "%(who)s, scores of %(month)s: %(said)s were said to leave, %(happened)s left; chance does not explain it"
    ) % (values)


def _lift(alarm: Alert) -> str:
    return _(
        "Scores of %(month)s: the top tenth left %(lift)s times as often as everybody, %(promised)s were promised"
    ) % {
        "month": _day(alarm),
        "lift": formats.number(alarm.detail.get("lift"), 2),
        "promised": formats.number(alarm.detail.get("promised"), 2),
    }


def _old(alarm: Alert) -> str:
    days = round(alarm.value)
    return ngettext("The model was trained %(n)d day ago", "The model was trained %(n)d days ago", days) % {"n": days}


def _unscored(alarm: Alert) -> str:
    since = alarm.detail.get("since")
    if not since:
        return _("No line has been scored yet")
    return _("No line was scored since the night of %(day)s") % {"day": formats.moment(date.fromisoformat(since))}


def _day(alarm: Alert) -> str:
    return formats.moment(date.fromisoformat(alarm.detail["month_end"]))


FORMATTERS = {
    AlarmKind.FEATURE: _feature,
    AlarmKind.SCORE: _score,
    AlarmKind.MISSING: _missing,
    AlarmKind.CALIBRATION: _calibration,
    AlarmKind.LIFT: _lift,
    AlarmKind.OLD: _old,
    AlarmKind.UNSCORED: _unscored,
}
