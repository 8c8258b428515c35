"""Declarations for the customers app, which must not import this one: parts of the 360, labels, users of fields."""

from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules import keys_in, rule_catalogue
from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.tables import LineCampaignTable
from campaigns.messages.models import Message
from campaigns.messages.tables import LineMessageTable
from campaigns.offers.eligibility import Judged
from campaigns.offers.models import Decision, DeclineReason, Offer
from campaigns.offers.next_action import Standing, next_action
from campaigns.offers.queries.matching import judged_for
from campaigns.offers.states import State
from campaigns.offers.tables.line import BEST_OFFERS, LineDecisionTable, LineOfferTable
from campaigns.offers.text import DecisionText
from campaigns.outreach.models import ContactOutcome, ContactPurpose, RefusalReason
from campaigns.outreach.queries import explain_line, next_calls
from campaigns.outreach.tables import ConsentTable, MatrixTable
from campaigns.outreach.text import call_figure
from campaigns.outreach.timeline import CONTACT_WISHES
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.tables import LineHitTable
from campaigns.scenarios.timeline import event_items, hit_items
from campaigns.segments.models import Segmentation
from customers.contacts import text
from customers.facts.models import Consent, Subscriber
from customers.fields.uses import FIELD_USERS, Use, Users
from customers.grants.models import CustomerGrant
from customers.lists.purposes import PURPOSES
from customers.page360 import panels
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest
from retention.core.managed.models import Managed
from retention.core.managed.permissions import visible_rows

PANEL_ROWS = 8
RULE_HOLDERS = ("rule", "dimensions", "exclusions")


def register() -> None:
    text.register_contact_codes(ContactPurpose, ContactOutcome, RefusalReason)
    text.register_contact_codes(DeclineReason)
    for purpose in ContactPurpose:
        PURPOSES.declare(purpose.value, purpose.label)
    panels.register_figure(call_now)
    panels.register_figure(next_best_action)
    panels.register_panel("contact")(contact_panel)
    panels.register_panel("decisions")(decisions_panel)
    panels.register_panel("offers")(offers_panel)
    panels.register_panel("scenarios")(hits_panel)
    panels.register_panel("messages")(messages_panel)
    panels.register_panel("campaigns")(campaigns_panel)
    CONTACT_WISHES.declare("scenarios", hit_items)
    CONTACT_WISHES.declare("events", event_items)
    declare_uses()


def declare_uses() -> None:
    """Whose rules read a field, for its page."""
    FIELD_USERS.declare("scenarios", Users(_("Scenarios"), partial(rows_using, Scenario, "campaigns:scenario")))
    FIELD_USERS.declare("campaigns", Users(_("Campaigns"), partial(rows_using, Campaign, "campaign:campaign")))
    FIELD_USERS.declare("segments", Users(_("Segments"), partial(rows_using, Segmentation, "segments:segmentation")))
    FIELD_USERS.declare("offers", Users(_("Offers"), partial(rows_using, Offer, "offers:offer")))


def rows_using(model: type[Managed], page: str, key: str, user: User) -> list[Use]:
    """Rows that the person may see, with a rule or a matrix on the field."""
    if not user.may(model.view_permission):
        return []
    rows = visible_rows(model._default_manager.order_by("code"), user)
    return [
        Use(row.title, reverse(page, args=[row.code]))
        for row in rows
        if key in keys_in([getattr(row, name, None) for name in RULE_HOLDERS])
    ]


def call_now(request: StaffRequest, subscriber: Subscriber) -> dict[str, Any]:
    return call_figure(subscriber, now=clock.now())


def next_best_action(request: StaffRequest, subscriber: Subscriber) -> dict[str, Any] | None:
    """For whoever sees offers; None for others."""
    if not request.user.may("offers.view"):
        return None
    now = clock.now()
    customer = subscriber.account.customer_id
    grant = CustomerGrant.objects.of_orders().filter(customer=customer).order_by("pk").first()
    waiting = Decision.objects.filter(subscriber=subscriber, state=State.ACCEPTED).select_related("offer").first()
    calls = next_calls(lines={subscriber.pk: customer}, purpose=ContactPurpose.RETENTION, now=now)
    offers = _offers_of(request, subscriber)
    return next_action(Standing(now, grant.order_no if grant else "", waiting, calls[subscriber.pk], offers))


_judged: WeakKeyDictionary[HttpRequest, list[Judged[Offer]]] = WeakKeyDictionary()


def _offers_of(request: StaffRequest, subscriber: Subscriber) -> list[Judged[Offer]]:
    """Judged once a page: the figure of the head and the panel read the same."""
    if request not in _judged:
        _judged[request] = judged_for(subscriber_id=subscriber.pk, on=clock.today())
    return _judged[request]


def contact_panel(request: StaffRequest, subscriber: Subscriber) -> panels.Panel:
    """The gate's answer for each purpose and channel, the consents of the line with their proof, and the way to the
    page that explains it all."""
    now = clock.now()
    consents = Consent.objects.of_line(subscriber)
    answers = explain_line(customer_id=subscriber.account.customer_id, subscriber_id=subscriber.pk, now=now)
    url = reverse("outreach:line", args=[subscriber.subscriber_no])
    return panels.Panel(
        title=_("May we contact now"),
        template="campaigns/outreach/_panel.html",
        icon="shield-lock",
        context={
            "table": MatrixTable(answers, now=now),
            "consents": ConsentTable(consents) if consents else None,
            "url": url,
        },
    )


def decisions_panel(request: StaffRequest, subscriber: Subscriber) -> panels.Panel | None:
    """Offers made to this line and their results, newest first."""
    found = list(Decision.objects.filter(subscriber=subscriber).for_history()[:PANEL_ROWS])
    if not found:
        return None
    table = LineDecisionTable([DecisionText(decision) for decision in found], user=request.user)
    return panels.Panel(title=_("Offers"), icon="gift", context={"table": table}, flush=True)


def offers_panel(request: StaffRequest, subscriber: Subscriber) -> panels.Panel | None:
    """The best offers for this line today; behind "more" the others that may be made, and of each other one why not."""
    if not request.user.may("offers.view"):
        return None
    found = _offers_of(request, subscriber)
    if not found:
        return None
    best = [one for one in found if one.is_eligible][:BEST_OFFERS]
    others = [one for one in found if one not in best]
    context = {
        "best": LineOfferTable(best) if best else None,
        "others": LineOfferTable(others) if others else None,
        "count": len(others),
    }
    template = "campaigns/offers/_line_offers.html"
    return panels.Panel(title=_("Offers for this customer"), icon="gift", template=template, context=context)


def messages_panel(request: StaffRequest, subscriber: Subscriber) -> panels.Panel | None:
    """What was written to the customer, newest first; the page has checked that the person may see the line."""
    found = list(Message.objects.of_customer(subscriber.account.customer_id)[:PANEL_ROWS])
    if not found:
        return None
    return panels.Panel(title=_("Messages"), icon="message", context={"table": LineMessageTable(found)}, flush=True)


def hits_panel(request: StaffRequest, subscriber: Subscriber) -> panels.Panel | None:
    """The scenarios that found this line, newest first; the page has checked that the person may see the line."""
    hits = list(
        ScenarioHit.objects.filter(subscriber=subscriber).select_related("scenario").order_by("-on", "-pk")[:PANEL_ROWS]
    )
    if not hits:
        return None
    table = LineHitTable(hits, fields=rule_catalogue(), with_links=request.user.may("scenarios.view"))
    return panels.Panel(title=_("Scenarios"), icon="target", context={"table": table}, flush=True)


def campaigns_panel(request: StaffRequest, subscriber: Subscriber) -> panels.Panel | None:
    """The campaigns that this customer is in, newest first, for who may see campaigns."""
    if not request.user.may(Campaign.view_permission):
        return None
    members = CampaignMember.objects.filter(customer=subscriber.account.customer_id).select_related("campaign")
    found = list(members.order_by("-pk")[:PANEL_ROWS])
    if not found:
        return None
    return panels.Panel(
        title=_("Campaigns"), icon="calendar-event", context={"table": LineCampaignTable(found)}, flush=True
    )
