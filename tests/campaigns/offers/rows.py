"""Offers and decisions for tests: a gift for whoever is in service, unless told otherwise."""

from decimal import Decimal
from typing import Any

from campaigns.offers.models import Decision, Offer
from campaigns.offers.services.proposals import accept, propose
from customers.facts.models import Subscriber
from retention.core.accounts.models import User
from tests.campaigns.rows import ask, rule
from tests.factories import NOW, make_policy, make_profile, make_subscriber, make_user, number


def make_offer(**given: Any) -> Offer:
    """Enabled. `kind="renewal"` brings a policy of its own."""
    values: dict[str, Any] = {
        "code": number("o"), "kind": Offer.Kind.GIFT, "name": "Data voucher", "name_zh": "赠送流量券",
        "value": Decimal("30"), "cost": Decimal("6"), "pitch": "Ten gigabytes more.", "pitch_zh": "多送十个 G。",
        "rule": rule(ask("status", "=", "active")), "enabled": True,
    }  # fmt: skip
    kind = given.get("kind", Offer.Kind.GIFT)
    values |= {"gift": "10 GB", "gift_zh": "10GB 流量"} if kind == Offer.Kind.GIFT else {}
    if kind == Offer.Kind.RENEWAL and "policy" not in given:
        values["policy"] = make_policy()
    return Offer.objects.create(**values | given)


def make_line(**given: Any) -> Subscriber:
    """A line in service with a profile; keys of the profile after `profile_`."""
    profile = {key.removeprefix("profile_"): given.pop(key) for key in list(given) if key.startswith("profile_")}
    line = make_subscriber(**given)
    make_profile(subscriber=line, **profile)
    return line


def make_decision(
    *, line: Subscriber | None = None, offer: Offer | None = None, order_no: str = "", agent: User | None = None
) -> Decision:
    """Accepted by the customer; it waits for billing."""
    line, offer, agent = line or make_line(), offer or make_offer(), agent or make_user(role="agent")
    order_no = order_no or number("W")
    standing = propose(order_no=order_no, subscriber=line, offer_code=offer.code, actor=agent, now=NOW)
    return accept(order_no=order_no, decision_id=standing.pk, actor=agent, now=NOW)
