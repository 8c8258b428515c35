"""The link from a line's page to its what-if page."""

from django.utils.translation import gettext as _

from customers.facts.models import Subscriber
from customers.page360 import panels
from customers.page360.panels import Panel
from retention.core.accounts.permissions import StaffRequest


def register() -> None:
    panels.register_panel("what-if")(what_if_panel)


def what_if_panel(request: StaffRequest, subscriber: Subscriber) -> Panel | None:
    """Only for users who may see the model, and for lines that it scores."""
    profile = getattr(subscriber, "profile", None)
    if not request.user.may("churn.view") or profile is None or profile.risk_probability is None:
        return None
    return Panel(
        title=_("What if"),
        icon="adjustments",
        template="analytics/whatif/_panel.html",
        context={"subscriber_no": subscriber.subscriber_no},
        place="side",
    )
