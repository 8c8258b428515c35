"""The tables of a back-test, and the list of all scenarios with theirs."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from analytics.backtests.rules import HEADLINE, WINDOWS, Backtest, MonthEnd, Window
from analytics.backtests.text import VERDICTS, format_interval
from analytics.valuation.models import TreatmentKind
from campaigns.scenarios.models import Scenario
from retention.core.ui import formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    SENTENCE,
    BadgeColumn,
    Column,
    DayColumn,
    GainColumn,
    NumberColumn,
    PercentColumn,
    SwitchColumn,
)
from retention.core.ui.tables.detail import DetailTable

NOT_YET = "not yet"
TONES = {verdict: (tone, icon) for verdict, (_words, tone, icon) in VERDICTS.items()}


class KnownColumn(NumberColumn):
    """A number that may not be known yet, which is neither zero nor missing."""

    def render(self, value: Any) -> SafeString | str:
        if value == NOT_YET:
            return format_html('<span class="rp-muted rp-small">{}</span>', gettext("not yet known"))
        return super().render(value)


class VerdictColumn(BadgeColumn):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, tones=TONES, **kwargs)

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        return super().render(VERDICTS[value][0], record, bound_column)

    def value(self, value: Any) -> str:
        return str(VERDICTS[value][0])


class MonthTable(DetailTable):
    """A row a month end; made with `month_rows`."""

    on = DayColumn(verbose_name=_("Month end"))
    base = NumberColumn(verbose_name=_("Lines"), help_text=_("Live lines of the same line types and branches."))
    hits = NumberColumn(verbose_name=_("Hits"), help_text=_("Lines that the rule held for on that day."))
    left_30 = KnownColumn(
        verbose_name=_("Left by choice in 30 days"), help_text=_("Terminations by choice and port-outs.")
    )
    left_60 = KnownColumn(verbose_name=_("in 60 days"), help_text=_("Terminations by choice and port-outs."))
    left_90 = KnownColumn(verbose_name=_("in 90 days"), help_text=_("Terminations by choice and port-outs."))
    gone = KnownColumn(
        verbose_name=_("Ended in any way, 60 days"), help_text=_("Also for arrears and on other grounds.")
    )
    precision = PercentColumn(
        verbose_name=_("Precision, 60 days"), help_text=_("Of the hits, the share that left by choice.")
    )
    gain = GainColumn(
        verbose_name=_("Net gain of a plain contact"),
        help_text=_("What contacts with these lines would have kept, less what they cost, in yuan."),
    )
    orders = NumberColumn(
        verbose_name=_("Orders a day"), show="tenths",
        help_text=_("Customers who were not resting after an order at an earlier month end, by the days of the month."),
    )  # fmt: skip
    note = Column(verbose_name=_("Note"), default="", attrs=SENTENCE)

    caption = _("By month end")


class WindowTable(DetailTable):
    """A row a window; made with `window_rows`."""

    days = Column(verbose_name=_("Window"), attrs={"td": {"class": "rp-nowrap"}})
    months = NumberColumn(verbose_name=_("Month ends"), help_text=_("Those whose window is over."))
    found = NumberColumn(verbose_name=_("Hits"), help_text=_("Lines that the rule held for, at each month end again."))
    left = KnownColumn(verbose_name=_("Left by choice"), help_text=_("Terminations by choice and port-outs."))
    gone = KnownColumn(verbose_name=_("Ended in any way"), help_text=_("Also for arrears and on other grounds."))
    precision = PercentColumn(verbose_name=_("Precision"), help_text=_("Of the hits, the share that left by choice."))
    interval = Column(verbose_name=_("95 % interval"), attrs={"td": {"class": "rp-nowrap"}})
    base_rate = PercentColumn(
        verbose_name=_("All lines"),
        show="percent_fine",
        help_text=_("Of all live lines, the share that left by choice."),
    )
    lift = NumberColumn(
        verbose_name=_("Lift"),
        show="decimal",
        help_text=_("Precision against the share of all lines that left by choice."),
    )
    share = PercentColumn(
        verbose_name=_("Leavers caught"),
        help_text=_("Of all lines that left by choice, the share that the rule had found."),
    )
    top = PercentColumn(
        verbose_name=_("Model's top"),
        help_text=_(
            "Precision of as many lines with the highest scores of those nights; a dash where one has no scores."
        ),
    )
    verdict = VerdictColumn(verbose_name=_("Verdict"))

    caption = _("Who left")


class TreatmentTable(DetailTable):
    treatment = Column(verbose_name=_("Treatment"))
    gain = GainColumn(
        verbose_name=_("Net gain a month"),
        help_text=_("What contacts with these lines would have kept, less what they cost, in yuan."),
    )

    caption = _("Net gain by treatment")
    css = "rp-mini"


class ComparisonTable(DetailTable):
    """Rows are dicts: label, show (a name of formats.FORMATS), before, after."""

    label = Column(verbose_name=_("Figure"))
    before = NumberColumn(
        verbose_name=_("Version in force"), help_text=_("The version of the scenario that is stored.")
    )
    after = NumberColumn(verbose_name=_("This rule"), help_text=_("The rule as it stands in the form."))
    difference = NumberColumn(
        verbose_name=_("Difference"), empty_values=(), help_text=_("This rule less the version in force.")
    )

    caption = _("Compared with the version in force")

    def render_before(self, value: float, record: dict[str, Any]) -> str:
        return formats.show(value, record["show"])

    def render_after(self, value: float, record: dict[str, Any]) -> str:
        return formats.show(value, record["show"])

    def render_difference(self, record: dict[str, Any]) -> str:
        if record["before"] is None or record["after"] is None:
            return formats.DASH
        apart = record["after"] - record["before"]
        show = "points" if record["show"] == "percent" else record["show"]
        return formats.show(apart, show) if show == "points" or apart <= 0 else f"+{formats.show(apart, show)}"


class ScenarioBacktestTable(BaseTable):
    """Rows are dicts, made by queries.kept.scenario_rows."""

    name = Column(verbose_name=_("Scenario"))
    enabled = SwitchColumn()
    found = NumberColumn(verbose_name=_("Found last night"), help_text=_("Lines, before anything was left out."))
    hits = NumberColumn(
        verbose_name=_("Hits a month"), help_text=_("Lines that the rule held for at the last month ends, on average.")
    )
    left = NumberColumn(
        verbose_name=_("Left by choice"), help_text=_("Of the hits of those month ends whose 60 days are over.")
    )
    precision = PercentColumn(
        verbose_name=_("Precision, 60 days"), help_text=_("Of the hits, the share that left by choice.")
    )
    interval = Column(verbose_name=_("95 % interval"), orderable=False, default="")
    lift = NumberColumn(
        verbose_name=_("Lift"),
        show="decimal",
        help_text=_("Precision against the share of all lines that left by choice."),
    )
    share = PercentColumn(
        verbose_name=_("Leavers caught"),
        help_text=_("Of all lines that left by choice, the share that the rule had found."),
    )
    gain = GainColumn(
        verbose_name=_("Net gain a month"),
        help_text=_("What plain contacts with these lines would have kept, less what they cost, in yuan."),
    )
    verdict = VerdictColumn(verbose_name=_("Verdict"), orderable=False, default="")
    note = Column(accessor="trigger", verbose_name=_("Note"), orderable=False)

    caption = _("Back-tests of scenarios")
    region_id = "backtests"
    empty_title = _("No scenarios yet")
    empty_text = _("Each scenario is counted over the last month ends by the nightly run.")

    class Meta(BaseTable.Meta):
        order_by = "-lift"

    def row_url(self, record: dict[str, Any]) -> str:
        return reverse("backtests:scenario", args=[record["code"]])

    def render_name(self, value: str, record: dict[str, Any]) -> SafeString:
        return format_html('{} <span class="rp-muted rp-small">{}</span>', value, record["code"])

    def value_name(self, value: str, record: dict[str, Any]) -> str:
        return f"{record['code']} {value}"

    def render_interval(self, value: tuple[float, float]) -> str:
        return format_interval(value)

    def render_note(self, value: str, record: dict[str, Any]) -> str:
        if value == Scenario.Trigger.EVENT:
            return gettext("Acts on events or occasions, which no month end knows.")
        return "" if "hits" in record else gettext("No month end could be counted yet.")


def month_rows(found: Backtest) -> list[dict[str, Any]]:
    return [_month_row(month) for month in found.months]


def _month_row(month: MonthEnd) -> dict[str, Any]:
    if month.why:
        return {"on": month.on, "note": month.why}
    left = month.left(HEADLINE)
    is_sample = month.share < 1
    return {
        "on": month.on,
        "base": month.base.lines,
        "hits": month.found.lines,
        **{f"left_{days}": _known(month.left(days)) for days in WINDOWS},
        "gone": _known(month.gone(HEADLINE)),
        "precision": left / month.found.lines if left is not None and month.found.lines else None,
        "gain": month.gains[TreatmentKind.CONTACT] if month.gains is not None else None,
        "orders": month.orders_a_day,
        "note": gettext("A sample of %(share)s of the lines.") % {"share": formats.percent(month.share)}
        if is_sample
        else "",
    }


def window_rows(found: Backtest) -> list[dict[str, Any]]:
    return [_window_row(found.window(days)) for days in WINDOWS]


def _window_row(window: Window) -> dict[str, Any]:
    return {
        "days": gettext("%(days)s days") % {"days": window.days},
        "months": len(window.months),
        "found": window.found.lines if window.is_known else None,
        "left": _known(window.left),
        "gone": _known(window.gone),
        "precision": window.precision,
        "interval": format_interval(window.interval) or None,
        "base_rate": window.base_rate,
        "lift": window.lift,
        "share": window.share_caught,
        "top": window.top_precision,
        "verdict": window.verdict,
    }


def treatment_rows(found: Backtest) -> list[dict[str, Any]]:
    return [{"treatment": kind.label, "gain": found.gain(kind)} for kind in TreatmentKind]


# (heading, format, value of a back-test) of what two rules are compared by.
COMPARED: tuple[tuple[Any, str, Callable[[Backtest], float | None]], ...] = (
    (_("Hits a month"), "count", lambda one: one.hits_a_month),
    (_("Left by choice in 60 days"), "count", lambda one: one.headline.left),
    (_("Precision, 60 days"), "percent", lambda one: one.headline.precision),
    (_("Lift"), "decimal", lambda one: one.headline.lift),
    (_("Leavers caught"), "percent", lambda one: one.headline.share_caught),
    (_("Net gain a month"), "money", lambda one: one.gain(TreatmentKind.CONTACT)),
    (_("Orders a day"), "tenths", lambda one: one.orders_a_day),
)


def comparison_rows(before: Backtest, after: Backtest) -> list[dict[str, Any]]:
    return [{"label": label, "show": show, "before": of(before), "after": of(after)} for label, show, of in COMPARED]


def _known(value: int | None) -> int | str:
    return NOT_YET if value is None else value
