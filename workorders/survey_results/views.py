"""The results of one questionnaire."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from retention.core.accounts.permissions import StaffRequest
from retention.core.ui.listing import ListPage
from workorders.survey_results import queries
from workorders.survey_results.charts import cross_chart, question_chart
from workorders.survey_results.crosstables import cross_table
from workorders.survey_results.forms import ResultsFilter
from workorders.survey_results.tables import ResponseTable, VisitTable
from workorders.survey_results.text import Dimension
from workorders.survey_results.visits import GROUPS, VISIT, evaluate
from workorders.surveys.models import Questionnaire, Response
from workorders.surveys.queries import find_version
from workorders.surveys.tree import Block, Kind


class Results(ListPage):
    """Charts over the responses that the filters keep, and their list: a count of a chart leads to exactly its rows."""

    name = "survey-results"
    permission = "surveys.view"
    template_name = "workorders/survey_results/results.html"
    table_class = ResponseTable
    form_class = ResultsFilter
    form: ResultsFilter

    def get(self, request: StaffRequest, **arguments: Any) -> HttpResponseBase:
        assert self.questionnaire  # NotFound for a code that there is not
        return super().get(request, **arguments)

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return find_version(self.kwargs["code"])

    @cached_property
    def questions(self) -> list[Block]:
        return queries.questions_of(self.questionnaire.code)

    @cached_property
    def responses(self) -> QuerySet[Response]:
        return queries.responses_for(self.user, self.questionnaire.code, self.cleaned)

    def get_form_kwargs(self) -> dict[str, Any]:
        code = self.questionnaire.code
        return {"user": self.user, "code": code, "questions": self.questions, "visits": code == VISIT}

    def get_queryset(self) -> QuerySet[Response]:
        related = ("order__branch", "order__type", "questionnaire", "disposition")
        return self.responses.select_related(*related).prefetch_related("answers").order_by("-at", "-pk")

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"questions": self.questions}

    def get_export_name(self) -> str:
        return f"{self.name}-{self.questionnaire.code}"

    def get_context_data(self) -> dict[str, Any]:
        counts = queries.distributions(self.responses)
        scales = [block.key for block in self.questions if block.kind == Kind.SCALE]
        charts = [(block, question_chart(block, counts.get(block.key, {}), self.query)) for block in self.questions]
        marks = queries.mean_marks(self.responses, scales)
        context = super().get_context_data() | {
            "questionnaire": self.questionnaire,
            "score": queries.mean_score(self.responses),
            "count": self.responses.count(),
            "charts": [spec for _block, spec in charts if spec],
            "marks": [(block.title, marks[block.key]) for block in self.questions if block.key in marks],
            "texts": [
                (block.title, sum(counts.get(block.key, {}).values()))
                for block in self.questions if block.kind == Kind.TEXT
            ],
        }  # fmt: skip
        return context | self._cross() | self._visits()

    def _cross(self) -> dict[str, Any]:
        names = self.cleaned.get("rows"), self.cleaned.get("columns")
        if not all(names) or names[0] == names[1]:
            return {}
        known = {block.key: block for block in self.questions}
        rows, columns = (Dimension(str(name), known) for name in names)
        counts = queries.cross_counts(self.responses, rows.name, columns.name)
        tested = rows.counts_once and columns.counts_once
        table = cross_table(counts, rows.order, columns.order, tested=tested)
        return {
            "cross": table,
            "cross_tested": tested,
            "cross_chart": cross_chart(table, rows, columns, self.query) if table.total else None,
        }

    def _visits(self) -> dict[str, Any]:
        if self.questionnaire.code != VISIT:
            return {}
        by = self.cleaned.get("by") or next(iter(GROUPS))
        rows = evaluate(self.responses, by)
        if by == "channel":
            block = next((one for one in self.questions if one.key == "channel"), None)
            rows = [row | {"group": block.label_of(row["group"]) if block else row["group"]} for row in rows]
        return {"visits": VisitTable(rows, by=GROUPS[by][0])}

    @property
    def heading(self) -> str:
        return _("Results of %(name)s") % {"name": self.questionnaire.title}
