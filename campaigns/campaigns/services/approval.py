"""Testing a campaign, submitting it, and approval by somebody who has not written it."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.campaigns.channels import CONTACT_CHANNELS
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.models.campaigns import wrong
from campaigns.campaigns.queries.audiences import digest_of
from campaigns.campaigns.queries.funnels import CampaignFunnel, campaign_funnel
from campaigns.campaigns.rules import ASKED_SHARE, BUDGET_LIMITS, CONTACT_LIMITS, over_limit
from campaigns.campaigns.services.life import finish_move, lock_for
from campaigns.campaigns.services.notices import tell_deciders
from campaigns.campaigns.states import Move
from campaigns.declarations import CAMPAIGN_SUBMITTED
from campaigns.messages.models import MessageTemplate
from campaigns.offers.models import Offer
from campaigns.scenarios.order_types import order_types
from customers.lists.models import ListEntry
from retention.core.accounts.models import User
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.managed.services import authors_of
from retention.core.notices.text import Message
from retention.core.ui import formats


@transaction.atomic
def try_campaign(*, actor: User, code: str, version: int, now: datetime) -> Campaign:
    """Play the campaign on the profile as it stands and keep the figures; nobody is contacted.

    Invalid where it cannot run: nobody found, nobody treated, a channel that nobody carries out, no order type, an
    offer that is not on sale when it starts.
    """
    campaign = lock_for(Move.TEST, actor=actor, code=code, version=version)
    check_ready(campaign)
    funnel = campaign_funnel(campaign, now=now)
    if funnel is None or not funnel.customers:
        raise wrong("rule", "catches_nobody", _("The audience is empty: nobody is found."))
    if not funnel.treated:
        raise wrong("rule", "nobody_treated", _("Nobody is left to be contacted: all are held out or in the control."))
    return finish_move(
        campaign, Move.TEST, actor=actor, tested_version=campaign.version, digest=digest_of(campaign),
        test=funnel.as_json(),
    )  # fmt: skip


def check_ready(campaign: Campaign) -> None:
    """Raise Invalid for settings with which it cannot be carried out."""
    if campaign.channel not in CONTACT_CHANNELS:
        raise wrong("channel", "not_carried_out", _("Campaigns cannot contact people over this channel."))
    if campaign.channel == ListEntry.Channel.CALL:
        if campaign.order_type not in dict(order_types()):
            raise wrong("order_type", "required", _("Say which type of order is opened."))
    else:
        _require_template(campaign)
    on_sale = set(Offer.objects.on_sale(campaign.starts_on).values_list("code", flat=True))
    if missing := [code for code in campaign.offer_codes if code not in on_sale]:
        text = _("The offer %(code)s is not on sale when the campaign starts.") % {"code": missing[0]}
        raise wrong("offer_codes", "not_on_sale", text)


def _require_template(campaign: Campaign) -> None:
    """One that is approved and goes over the campaign's channel for its purpose: the gate asks by those of the text."""
    template = MessageTemplate.objects.usable().filter(code=campaign.template).first()
    if template is None:
        raise wrong("template", "required", _("Choose a message template that is approved and switched on."))
    if (template.channel, template.purpose) != (campaign.channel, campaign.purpose):
        raise wrong("template", "other_channel", _("The template is for another channel or purpose."))


def cost_of(campaign: Campaign, contacts: int) -> Decimal | None:
    """Yuan of so many contacts by the campaign's own figure; None without one."""
    return None if campaign.contact_cost is None else campaign.contact_cost * contacts


@transaction.atomic
def submit(*, actor: User, code: str, version: int, number: int | None, now: datetime) -> Campaign:
    """Ask for somebody else's approval of the tested campaign; the others who decide for it are told.

    number: of customers, typed where the audience is much of the base. Invalid for another one (type_the_number), and
    for contacts that cost more than the budget.
    """
    campaign = lock_for(Move.SUBMIT, actor=actor, code=code, version=version)
    require_unchanged(campaign)
    funnel = CampaignFunnel.from_json(campaign.test)
    if funnel.share > ASKED_SHARE and number != funnel.customers:
        text = ngettext(
            "The audience is %(found)s customer, %(share)s of the lines. Type this number to submit it.",
            "The audience is %(found)s customers, %(share)s of the lines. Type this number to submit it.",
            funnel.customers,
        ) % {"found": formats.number(funnel.customers), "share": formats.percent(funnel.share)}
        raise Invalid(text, code="type_the_number", details=[{"field": "number", "code": "required"}])
    cost = cost_of(campaign, funnel.contacted)
    if cost is not None and campaign.budget is not None and cost > campaign.budget:
        words = {"cost": formats.money(cost), "budget": formats.money(campaign.budget)}
        raise wrong("budget", "too_small", _("The contacts cost %(cost)s; the budget is %(budget)s.") % words)
    finish_move(campaign, Move.SUBMIT, actor=actor, submitted_by=actor)
    what = Message(CAMPAIGN_SUBMITTED, {"campaign": campaign.code, "name": actor.display_name})
    tell_deciders(campaign=campaign, what=what, now=now, but=actor)
    return campaign


@transaction.atomic
def approve(*, actor: User, code: str, version: int) -> Campaign:
    """Approve the version that was seen. Refused for its authors, who submitted it, and beyond the limits of the role;
    StaleVersion for another version; Conflict (audience_changed) where its audience or offers are others by now."""
    campaign = lock_for(Move.APPROVE, actor=actor, code=code, version=version)
    if actor.pk in {campaign.submitted_by_id, *authors_of(campaign)}:
        raise Refused(_("It must be approved by somebody who has not written it."), code="own_work")
    require_unchanged(campaign)
    contacts = CampaignFunnel.from_json(campaign.test).contacted
    exceeded = over_limit(role=actor.role, contacts=contacts, budget=campaign.budget)
    if exceeded:
        limits = {
            "contacts": formats.number(CONTACT_LIMITS.get(actor.role, 0)),
            "budget": formats.money(BUDGET_LIMITS.get(actor.role, Decimal(0))),
        }
        text = (
            _("You may approve campaigns of at most %(limit)s contacts; an administrator may approve this one.")
            if exceeded == "contacts"
            else _("You may approve campaigns of at most %(limit)s; an administrator may approve this one.")
        )
        raise Refused(text % {"limit": limits[exceeded]}, code="over_limit")
    return finish_move(campaign, Move.APPROVE, actor=actor, approved_by=actor)


@transaction.atomic
def send_back(*, actor: User, code: str, version: int) -> Campaign:
    """Make a submitted or approved campaign a draft again."""
    campaign = lock_for(Move.SEND_BACK, actor=actor, code=code, version=version)
    return finish_move(campaign, Move.SEND_BACK, actor=actor, approved_by=None, submitted_by=None, tested_version=None)


def require_unchanged(campaign: Campaign) -> None:
    """Conflict unless audience and offers are what was tested."""
    if campaign.tested_version != campaign.version or campaign.digest != digest_of(campaign):
        raise Conflict(
            _("Its audience or its offers have changed since it was tested. Test it again."), code="audience_changed"
        )
