"""A campaign in words: its steps before it runs and while it runs, and its settings."""

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from campaigns.audiences.rules import format_rule, parse
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.queries.funnels import CampaignFunnel
from campaigns.campaigns.queries.monitoring import Standing
from campaigns.campaigns.queries.sources import source_label
from campaigns.campaigns.states import MemberState, State
from campaigns.experiments.rules import Visibility, visibility
from campaigns.messages.models import MessageTemplate
from campaigns.offers.models import Offer
from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.order_types import order_types
from customers.lists.models import ListEntry
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.managed.text import Words
from retention.core.ui import formats

STATE_TONES = {
    State.DRAFT: ("neutral", "pencil"), State.TEST: ("info", "clipboard-list"),
    State.SUBMITTED: ("warning", "hourglass"), State.APPROVED: ("info", "circle-check"),
    State.FROZEN: ("info", "lock"), State.RUNNING: ("good", "player-play"), State.PAUSED: ("warning", "player-pause"),
    State.MEASURING: ("info", "scale"), State.EVALUATED: ("good", "check"), State.ARCHIVED: ("neutral", "database"),
}  # fmt: skip
MEMBER_TONES = {
    MemberState.WAITING: ("neutral", "hourglass"), MemberState.DUE: ("info", "hourglass"),
    MemberState.OPENED: ("good", "check"), MemberState.REFUSED: ("warning", "ban"),
    MemberState.RESTING: ("neutral", "player-pause"), MemberState.WITHDRAWN: ("neutral", "arrow-back-up"),
    MemberState.GONE: ("neutral", "circle-x"), MemberState.LEFT_ALONE: ("neutral", "scale"),
}  # fmt: skip
STAGES = {
    "target": gettext_lazy("Target"), "allowed": gettext_lazy("Order opened"),
    "contacted": gettext_lazy("Contacted"), "reached": gettext_lazy("Reached"),
    "accepted": gettext_lazy("Retained or offer accepted"), "kept": gettext_lazy("Still in service"),
}  # fmt: skip


def format_audience(campaign: Campaign, user: User) -> str:
    """Source and rule as one sentence."""
    parts = []
    if campaign.audience != "rule":
        parts.append(source_label(campaign, user))
    if campaign.rule:
        try:
            parts.append(format_rule(parse(campaign.rule)))
        except Invalid as problem:
            parts.append(str(problem.message))
    return _("; and ").join(parts) if parts else _("nobody yet")


def funnel_steps(funnel: CampaignFunnel) -> list[dict[str, Any]]:
    """Rows {label, number, remain, is_part}: who is left out at each step before the launch, and who remains."""
    remain = funnel.customers
    rows: list[dict[str, Any]] = [
        {"label": _("Customers found"), "number": None, "remain": remain, "is_part": False},
    ]
    for label, number in [
        (_("Opted out of profiling"), funnel.opted_out),
        (_("Universal hold-out"), funnel.universal),
        (_("Held out by another campaign"), funnel.elsewhere),
        (_("Control group"), funnel.control),
        (_("Refused by the contact rules"), sum(funnel.refused.values())),
    ]:
        remain -= number
        rows.append({"label": label, "number": number, "remain": remain, "is_part": False})
    reasons = sorted(funnel.refused.items(), key=lambda one: -one[1])
    rows += [{"label": RefusalReason(key).label, "number": n, "remain": None, "is_part": True} for key, n in reasons]
    return rows


def stages_of(standing: Standing) -> list[tuple[Any, int]]:
    """(label, members) from the target to those kept."""
    made = standing.progress
    counts = [standing.target, standing.allowed, made.contacted, made.reached, made.accepted, made.kept]
    return list(zip(STAGES.values(), counts, strict=True))


def power_of(*, people: int, control_percent: int, base_rate: float | None) -> Visibility | None:
    """What the campaign can show; None without a base rate."""
    if base_rate is None or not people:
        return None
    return visibility(people=people, control_share=control_percent / 100, base_rate=base_rate)


def _means(campaign: Campaign) -> tuple[Any, Any]:
    """(label, value) of what is opened for a member: an order, or a message."""
    if campaign.channel == ListEntry.Channel.CALL:
        return _("Order type"), dict(order_types()).get(campaign.order_type, campaign.order_type) or formats.DASH
    template = MessageTemplate.objects.filter(code=campaign.template).first()
    return _("Message template"), template.title if template else campaign.template or formats.DASH


def settings_of(campaign: Campaign, user: User) -> list[tuple[Any, Any]]:
    """(label, value) of what it does."""
    offers = ", ".join(offer.title for offer in campaign.offers)
    if campaign.draw_offers:
        offers = _("%(offers)s; one is drawn for each customer") % {"offers": offers}
    waves = (
        ngettext("%(n)s customer a wave", "%(n)s customers a wave", campaign.wave_size)
        % {"n": formats.number(campaign.wave_size)}
        if campaign.wave_size
        else _("one wave")
    )
    money = [(_("Budget (yuan)"), campaign.budget), (_("Cost of a contact (yuan)"), campaign.contact_cost)]
    return [
        (_("Audience"), format_audience(campaign, user)),
        (_("Control group"), formats.percent(campaign.control_percent / 100)),
        (_("Offers"), offers or pgettext("offers", "none")),
        (_("Purpose"), campaign.get_purpose_display()),
        (_("Channel"), campaign.get_channel_display()),
        _means(campaign),
        (_("Waves"), waves),
        (_("Pace"), campaign.get_pace_display()),
        (_("Orders a day at most"), campaign.daily_cap or _("no limit")),
        (_("Days of measuring"), campaign.measure_days),
        (_("Priority"), campaign.priority),
        *((label, formats.money(value) if value is not None else formats.DASH) for label, value in money),
        (_("Customers to keep"), campaign.planned_kept if campaign.planned_kept is not None else formats.DASH),
        (_("Part of the plan"), campaign.plan or formats.DASH),
        (_("Branch"), campaign.branch or _("The whole base")),
        (_("Owner"), campaign.owner.display_name if campaign.owner else _("nobody")),
        (_("Script"), campaign.talk_script or formats.DASH),
        (_("Version"), campaign.version),
    ]


def campaign_words() -> Words:
    """Codes that campaigns keep, as their names: for the history and for conflicts."""
    between = pgettext("between the values of a list", ", ")
    offers = SimpleLazyObject(lambda: {offer.code: offer.title for offer in Offer.objects.all()})
    templates = SimpleLazyObject(lambda: {one.code: one.title for one in MessageTemplate.objects.all()})
    return {
        "offer_codes": lambda codes: between.join(offers.get(code, code) for code in codes),
        "order_type": lambda code: dict(order_types()).get(code, code),
        "template": lambda code: templates.get(code, code),
    }
