"""The charts of the results: each question, and the cross table."""

from collections.abc import Mapping

from django.http import QueryDict

from retention.core.ui.charts import Spec, chart, heatmap, series
from workorders.survey_results.crosstables import CrossTable
from workorders.survey_results.text import Dimension, address_of
from workorders.surveys.tree import Block, Kind

# Of numbers and days, which have no list of values, the most frequent ones.
MOST_VALUES = 20


def question_chart(block: Block, counts: Mapping[str, int], query: QueryDict) -> Spec | None:
    """Responses by answer; None for free text, and where nobody has answered."""
    if block.kind == Kind.TEXT or not counts:
        return None
    values = [choice.value for choice in block.offered()]
    values += [value for value in counts if value not in values][:MOST_VALUES]
    if not block.offered():
        values.sort(key=lambda value: (len(value), value))
    return chart(
        "bar",
        title=block.title,
        x=[block.label_of(value) for value in values],
        data=[series(block.title, [counts.get(value, 0) for value in values], tone="c1")],
        links=[address_of(query, ("answers", f"{block.key}:{value}")) for value in values],
        horizontal=block.kind in {Kind.SINGLE, Kind.MULTIPLE},
    )


def cross_chart(table: CrossTable, rows: Dimension, columns: Dimension, query: QueryDict) -> Spec:
    return heatmap(
        title=f"{rows.title} × {columns.title}",
        x=[columns.label(value) for value in table.columns],
        y=[rows.label(value) for value in table.rows],
        cells=table.cells,
        links=[
            [address_of(query, rows.narrowed(row), columns.narrowed(column)) for column in table.columns]
            for row in table.rows
        ],
    )
