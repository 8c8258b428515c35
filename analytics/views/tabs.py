"""The two sides of the churn page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def churn_tabs(request: HttpRequest) -> list[dict]:
    pages = [
        (_("Warning list"), "analytics:churn"),
        (_("Monthly lists"), "analytics:lists"),
        (_("Groups"), "analytics:groups"),
        (_("Planner"), "analytics:planner"),
        (_("Model monitor"), "analytics:monitor"),
        (_("Watch"), "analytics:watch"),
        (pgettext("churn", "Outcomes"), "analytics:outcomes"),
        (pgettext("churn", "Factors"), "analytics:factors"),
    ]
    return [{"label": label, "url": reverse(name), "active": request.path == reverse(name)} for label, name in pages]
