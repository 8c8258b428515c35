"""What all pages of campaigns share."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.audiences.builder.views import RuleWords
from campaigns.campaigns.forms import CampaignForm
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.text import campaign_words
from retention.core.accounts.models import User
from retention.core.managed.text import Words
from retention.core.managed.views.base import ManagedPage


class CampaignPages(RuleWords, ManagedPage):
    model = Campaign
    kind_form = CampaignForm
    templates = "campaigns/campaigns"

    def get_words(self) -> Words:
        return {**super().get_words(), **campaign_words()}


def campaign_tabs(active: str, user: User) -> list[dict[str, Any]]:
    """The pages over all campaigns; active: the name of this one."""
    pages = {
        "campaigns": (_("Campaigns"), "target"),
        "plan": (_("Plan"), "chart-bar"),
        "calendar": (_("Calendar"), "calendar-event"),
    }
    if user.may("contact_policy.view"):
        pages["hold-out"] = (_("Universal hold-out"), "scale")
    return [
        {"label": label, "icon": icon, "url": reverse(f"campaign:{name}"), "active": name == active}
        for name, (label, icon) in pages.items()
    ]


def visible_campaign(user: User, code: str) -> Campaign:
    """404 for one that the person does not see."""
    campaign = Campaign.objects.visible_to(user).select_related("branch", "owner", "plan").filter(code=code).first()
    if campaign is None:
        raise Http404(code)
    return campaign
