"""Quality marks by agent, group, criterion and week; every figure opens its reviews."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from retention.core.accounts.models import Team, User
from workorders.quality.forms import ResultFilter
from workorders.quality.models import ScoreSheet
from workorders.quality.queries.results import (
    AGENT,
    CRITERION,
    TEAM,
    WEEK,
    marks_by,
    marks_by_criterion,
    reviews_for,
)  # fmt: skip
from workorders.quality.tables import ResultTable
from workorders.supervision import periods
from workorders.supervision.views.board import PeriodPage


class Results(PeriodPage):
    name = "quality-results"
    permission = "quality.view"
    template_name = "workorders/quality/results.html"
    parent = ("quality:reviews", gettext_lazy("Quality review"))
    table_class = ResultTable
    form_class = ResultFilter

    @property
    def by(self) -> str:
        return self.cleaned.get("by") or AGENT

    def get_queryset(self) -> list[dict[str, Any]]:
        reviews = reviews_for(self.user, self.period.first, self.period.last, self.cleaned)
        if self.by == CRITERION:
            titles = self._criteria()
            return [
                {
                    "who": key,
                    "sheet": sheet,
                    "title": titles.get((sheet, key), key),
                    "fatal": None,
                    "objected": None,
                    **row,
                }
                for (sheet, key), row in marks_by_criterion(reviews).items()
            ]
        found = marks_by(reviews, by=self.by)
        names = self._names()
        return [
            {
                "who": who,
                "when": when,
                "title": date_format(when, "DATE_FORMAT") if when else names.get(who, who),
                **row,
            }
            for (who, when), row in sorted(
                found.items(), key=lambda one: (str(one[0][1] or ""), names.get(one[0][0], ""))
            )
        ]

    def _names(self) -> dict[str, str]:
        if self.by == TEAM:
            return {one.code: one.title for one in Team.objects.all()}
        return {one.username: one.display_name for one in User.objects.all()}

    def _criteria(self) -> dict[tuple[str, str], str]:
        sheets = ScoreSheet.objects.visible_to(self.user)
        return {(row.code, one.key): f"{row.title}: {one.title}" for row in sheets for one in row.as_criteria()}

    def get_table_kwargs(self) -> dict[str, Any]:
        titles = {TEAM: pgettext("team", "Group"), CRITERION: _("Criterion"), WEEK: _("Week from")}
        hidden = ("fatal", "objected") if self.by == CRITERION else ()
        return {"address": self.address, "title": titles.get(self.by, _("Agent")), "exclude": hidden}

    def address(self, record: dict[str, Any], counted: str) -> str:
        """The list of exactly the reviews that a figure of the row counts."""
        span = periods.WEEK if self.by == WEEK else periods.WHOLE
        period = self.period.within(record.get("when"), span)
        asked = {name: self.cleaned[name] for name in ("team", "agent", "sheet") if self.cleaned.get(name)}
        if self.by == CRITERION:
            asked |= {"sheet": record["sheet"], "criterion": record["who"]}
        elif self.by != WEEK:
            asked |= {self.by: record["who"]}
        days = {"after": period.first.isoformat(), "before": period.last.isoformat()}
        return f"{reverse('quality:reviews')}?{urlencode(days | asked | {'counted': counted})}"

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"period": self.period}
