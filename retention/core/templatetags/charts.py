"""The chart tag; loaded with `{% load ui %}`."""

from itertools import count
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.translation import get_language

from retention.core.ui import charts as specs

register = template.Library()
_ids = count(1)


@register.inclusion_tag("components/chart.html")
def chart(spec: specs.Spec, height: str = "", id: str = "") -> dict[str, Any]:
    """`{% chart spec height="tall" %}`: a spec of retention.core.ui.charts, drawn and as a table. height: short, tall.

    Its script and ECharts are loaded only by pages that hold a chart.
    """
    header, rows = specs.as_table(spec)
    name = id or f"chart-{next(_ids)}"
    return {
        "id": name,
        "spec_id": f"{name}-spec",
        "spec": spec,
        "height": height,
        "header": header,
        "rows": rows,
        "summary": spec["title"],
        "element": static("js/rp-chart.js"),
        "engine": static("vendor/echarts.min.js"),
        "lang": get_language() or "en",
    }
