"""The distribution of a field as bars."""

from django.utils.translation import gettext as _

from customers.fields import ProfileField
from customers.glossary.queries import FieldValues
from customers.glossary.text import ValueText
from retention.core.ui.charts import Spec, chart, series


def distribution_chart(field: ProfileField, values: FieldValues, text: ValueText) -> Spec:
    bars = text.bars(values.whole)
    unit = f" ({field.unit})" if field.unit and values.scale else ""
    return chart(
        "bar",
        title=f"{field.label}{unit}",
        x=[label for label, _lines in bars],
        data=[series(_("Lines"), [lines for _label, lines in bars])],
    )
