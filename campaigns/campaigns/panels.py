"""What upper apps show on the page of a campaign. An app declares its parts when it is ready."""

from collections.abc import Callable

from django.http import HttpRequest
from django.template.loader import render_to_string

from campaigns.campaigns.models import Campaign
from customers.page360.panels import Card, Panel
from retention.core.accounts.models import User
from retention.core.registry import Registry

__all__ = ["CAMPAIGN_PANELS", "Panel", "render_panels"]

CAMPAIGN_PANELS: Registry[str, Callable[[User, Campaign], Panel | None]] = Registry("panel of a campaign")


def render_panels(request: HttpRequest, user: User, campaign: Campaign) -> list[Card]:
    found = [(key, provider(user, campaign)) for key, provider in CAMPAIGN_PANELS.items()]
    return [
        Card(key, panel, render_to_string(panel.template, dict(panel.context), request))
        for key, panel in found
        if panel
    ]
