"""The verdict on the page of its campaign."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from analytics.evaluation.services.results import standing_of
from analytics.evaluation.text.results import NOTICES, format_result
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.panels import CAMPAIGN_PANELS, Panel
from campaigns.campaigns.states import FROZEN_STATES
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User


def register() -> None:
    CAMPAIGN_PANELS.declare("result", result_panel)


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
