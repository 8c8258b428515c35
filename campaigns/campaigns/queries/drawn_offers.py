"""Which offer was drawn for a member of a campaign. Read-only."""

from campaigns.campaigns.models import CampaignMember


def drawn_offer(*, campaign: str, subscriber_id: int) -> str:
    """The code of the offer that the campaign with this code has drawn for the line; "" where it draws none."""
    found = CampaignMember.objects.filter(campaign__code=campaign, subscriber=subscriber_id)
    return found.values_list("offer_code", flat=True).first() or ""
