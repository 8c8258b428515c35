"""Agents and groups by day and by week, and exactly the rows behind each figure."""

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from retention.core import clock
from retention.core.accounts.models import Team, User
from workorders.orders.models import Transition, TransitionQuerySet
from workorders.pauses.models import Pause
from workorders.performance import queries
from workorders.performance.forms import ContactFilter, PauseFilter, PerformanceFilter
from workorders.performance.queries import AGENT, FIGURES, TEAM
from workorders.performance.tables import PauseSumTable, PerformanceTable, TakenPauseTable, WorkedContactTable
from workorders.quality.queries.results import marks_by, reviews_for
from workorders.supervision.periods import DAY, WEEK, WHOLE
from workorders.supervision.views.board import PeriodPage

TILES: dict[str, Any] = {
    "contacts": gettext_lazy("Contacts"),
    "connected": gettext_lazy("Connected"),
    "reached": gettext_lazy("Right party reached"),
    "kept": gettext_lazy("Retained or accepted"),
    "closed": gettext_lazy("Closed"),
    "closed_late": gettext_lazy("Closed over time"),
    "appointments_kept": gettext_lazy("Appointments kept"),
}


class Performance(PeriodPage):
    """One row an agent or a group; every figure opens exactly its rows."""

    name = "performance"
    template_name = "workorders/performance/performance.html"
    title = gettext_lazy("Performance")
    subtitle = gettext_lazy(
        "Work counts for the agent who did it, also where the order is closed or lies with others now."
    )
    parent = ("workorders:supervise", gettext_lazy("Supervise"))
    table_class = PerformanceTable
    form_class = PerformanceFilter

    @property
    def by(self) -> str:
        return self.cleaned.get("by") or AGENT

    @property
    def span(self) -> str:
        return self.cleaned.get("span") or WHOLE

    @cached_property
    def titles(self) -> dict[str, str]:
        """{username or code of a group: name}."""
        if self.by == TEAM:
            return {one.code: one.title for one in Team.objects.all()}
        return {one.username: one.display_name for one in User.objects.all()}

    @cached_property
    def contacts(self) -> TransitionQuerySet:
        return queries.contacts_for(self.user, self.period, self.cleaned)

    @cached_property
    def figures(self) -> dict[tuple[str, date | None], dict[str, Any]]:
        return queries.rows_by(self.contacts, by=self.by, span=self.span)

    @cached_property
    def pauses(self) -> QuerySet[Pause]:
        return queries.pauses_for(self.user, self.period, self.cleaned, now=clock.now())

    def get_queryset(self) -> list[dict[str, Any]]:
        figures = self.figures
        # Pauses belong to no order: a choice of one type leaves them out.
        paused = {} if self.cleaned.get("type") else queries.paused_by(self.pauses, by=self.by, span=self.span)
        keys = sorted({*figures, *paused}, key=lambda key: (key[1] or date.min, self.titles.get(key[0], key[0])))
        blank = dict.fromkeys(FIGURES, 0) | {"handling": None}
        return [
            self._row(key, figures.get(key, blank), paused.get(key, 0)) | {"mark": self.marks.get(key)} for key in keys
        ]

    @cached_property
    def marks(self) -> dict[tuple[str, date | None], float]:
        """Mean quality marks of the calls of each row; none for who may not see them."""
        if not self.user.may("quality.view") or self.cleaned.get("type"):
            return {}
        reviews = reviews_for(self.user, self.period.first, self.period.last, self._people())
        return {key: row["mark"] for key, row in marks_by(reviews, by=self.by, span=self.span).items()}

    def _people(self) -> dict[str, str]:
        return {name: self.cleaned[name] for name in ("team", "agent") if self.cleaned.get(name)}

    def _row(self, key: tuple[str, date | None], figures: dict[str, Any], paused: int) -> dict[str, Any]:
        who, when = key
        return figures | {
            "who": who,
            "title": self.titles.get(who, who) or _("No group"),
            "when": when,
            "paused": paused,
            "reach_rate": _rate(figures["reached"], figures["contacts"]),
            "kept_rate": _rate(figures["kept"], figures["reached"]),
        }

    def get_table_kwargs(self) -> dict[str, Any]:
        spanned = {DAY: _("Day"), WEEK: _("Week from")}.get(self.span, "")
        return {"address": self.address, "title": self.who_title, "spanned": spanned}

    @property
    def who_title(self) -> str:
        return pgettext("team", "Group") if self.by == TEAM else _("Agent")

    def address(self, record: dict[str, Any], counted: str) -> str:
        """The list of exactly the rows that a figure of the row counts."""
        period = self.period.within(record.get("when"), self.span)
        own = self._people()
        own |= {self.by: record["who"]} if "who" in record else {}
        days = {"after": period.first.isoformat(), "before": period.last.isoformat()}
        if counted in {"paused", "seconds"}:
            reason = {"reason": record["code"]} if counted == "seconds" else {}
            return f"{reverse('performance:pauses')}?{urlencode(days | own | reason)}"
        if counted == "mark":
            return f"{reverse('quality:reviews')}?{urlencode(days | own | {'counted': 'reviews'})}"
        kind = {"type": self.cleaned["type"]} if self.cleaned.get("type") else {}
        figure = {"counted": counted} if counted != "contacts" else {}
        return f"{reverse('performance:contacts')}?{urlencode(days | own | kind | figure)}"

    def get_context_data(self) -> dict[str, Any]:
        totals = queries.totals(self.figures.values())
        cards = [
            {"label": label, "value": totals[key], "href": self.address({}, key), "measure": f"performance.{key}"}
            for key, label in TILES.items()
        ]
        sums: list[dict[str, Any]] = []
        together = 0
        if not self.cleaned.get("type"):
            rows = queries.paused_by_reason(self.pauses, by=self.by)
            sums = [{"title": self.titles.get(one.who, one.who), **vars(one)} for one in rows]
            together, seconds = queries.paused_together(self.pauses)
            cards.append({
                "label": pgettext("length of pauses", "Paused"), "value": seconds, "kind": "duration",
                "href": self.address({}, "paused"), "measure": "performance.paused",
            })  # fmt: skip
        return super().get_context_data() | {
            "period": self.period,
            "cards": cards,
            "handling": totals["handling"],
            "handling_url": self.address({}, "timed"),
            "paused_in_several": sum(one["count"] for one in sums) > together,
            "pause_table": PauseSumTable(sums, address=self.address, title=self.who_title),
        }


class WorkedContacts(PeriodPage):
    """The contacts that a figure counts."""

    name = "performance-contacts"
    title = gettext_lazy("Contacts by who made them")
    parent = ("performance:performance", gettext_lazy("Performance"))
    table_class = WorkedContactTable
    form_class = ContactFilter

    def get_queryset(self) -> QuerySet[Transition]:
        found = queries.contacts_for(self.user, self.period, self.cleaned)
        counted = FIGURES[self.cleaned.get("counted") or "contacts"]
        return found.filter(counted).select_related("actor", "order__team", "order__type", "disposition")


class TakenPauses(PeriodPage):
    """The pauses that a figure counts."""

    name = "performance-pauses"
    title = gettext_lazy("Pauses taken")
    parent = ("performance:performance", gettext_lazy("Performance"))
    table_class = TakenPauseTable
    form_class = PauseFilter

    def get_queryset(self) -> QuerySet[Pause]:
        return queries.pauses_for(self.user, self.period, self.cleaned, now=clock.now()).select_related("agent", "code")


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
