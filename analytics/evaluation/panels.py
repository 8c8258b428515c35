"""The verdict on the page of its campaign, and what a contact changes on the page of a line."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from analytics.evaluation.models import UpliftScore
from analytics.evaluation.services.results import standing_of
from analytics.evaluation.text.results import NOTICES, format_result
from analytics.evaluation.text.uplift import format_line
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.panels import CAMPAIGN_PANELS, Panel
from campaigns.campaigns.states import FROZEN_STATES
from customers.facts.models import Subscriber
from customers.page360 import panels as line_panels
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest


def register() -> None:
    CAMPAIGN_PANELS.declare("result", result_panel)
    line_panels.register_panel("uplift", on_call=True)(line_panel)


def result_panel(user: User, campaign: Campaign) -> Panel | None:
    """None before the audience is frozen and facts are known."""
    known = SubscriberProfile.objects.newest_date()
    if campaign.state not in FROZEN_STATES or known is None:
        return None
    found = standing_of(campaign=campaign, user=user, known=known)
    context = {
        "finding": format_result(found.headline, is_over=found.is_over, ends_on=found.ends_on),
        "tone": NOTICES.get(found.headline.verdict, "info"),
        "url": reverse("evaluation:campaign", args=[campaign.code]),
    }
    return Panel(title=_("Result"), icon="scale", template="analytics/evaluation/_panel.html", context=context)


def line_panel(request: StaffRequest, subscriber: Subscriber) -> line_panels.Panel | None:
    """Only for users who may see the risk, and for lines that are scored."""
    found = UpliftScore.objects.filter(pk=subscriber.pk).first() if request.user.may("churn.view") else None
    if found is None:
        return None
    tone = "warning" if found.gain < 0 else "good" if found.helps else "info"
    context = {"said": format_line(found.gain, helps=found.helps), "tone": tone}
    return line_panels.Panel(
        title=_("Whom a contact helps"), icon="phone", template="analytics/evaluation/_line.html", context=context,
        place="side",
    )  # fmt: skip
