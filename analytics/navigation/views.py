"""What all churn pages have: the tabs over them, and the base of their lists."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.ui.listing import ListPage


class ChurnList(ListPage):
    """A list under the tabs of the churn pages."""

    permission = "churn.view"

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"tabs": churn_tabs(self.request)}


def churn_tabs(request: HttpRequest) -> list[dict]:
    """The tab of the page itself, or of the page it lies under, is the active one."""
    pages = [
        (_("Warning list"), "analytics:churn"),
        (_("Monthly lists"), "analytics:lists"),
        (_("Groups"), "analytics:groups"),
        (_("Win-back"), "analytics:win-back"),
        (_("Planner"), "analytics:planner"),
        (_("Reports"), "analytics:reports"),
        (_("Model evaluation"), "analytics:monitor"),
        (_("Monitoring"), "analytics:watch"),
        (_("Whom a contact helps"), "evaluation:uplift"),
        (pgettext("churn", "Outcomes"), "analytics:outcomes"),
        (pgettext("churn", "Factors"), "analytics:factors"),
    ]
    urls = [reverse(name) for _label, name in pages]
    root, *below = urls
    path = request.path.replace(reverse("analytics:value"), reverse("analytics:planner"))
    path = path.replace(reverse("analytics:circles"), reverse("analytics:groups"))
    here = next((url for url in below if path.startswith(url)), root if path == root else "")
    labels = [label for label, _name in pages]
    return [{"label": label, "url": url, "active": url == here} for label, url in zip(labels, urls, strict=True)]
