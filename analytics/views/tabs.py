"""The two sides of the churn page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def churn_tabs(request: HttpRequest) -> list[dict]:
    pages = [(_("Warning list"), "analytics:churn"), (_("Model monitor"), "analytics:monitor")]
    return [{"label": label, "url": reverse(name), "active": request.path == reverse(name)} for label, name in pages]
