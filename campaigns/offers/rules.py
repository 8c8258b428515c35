"""Eligibility for offers: rules over the line's profile, all offers of a line in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

import structlog
from django.db.models import BooleanField, ExpressionWrapper
from django.utils.translation import gettext as _

from campaigns.audiences.rules import Group, RuleField, as_q, parse, rule_catalogue
from customers.profile.models import SubscriberProfile
from retention.core.errors import Invalid

log = structlog.get_logger("campaigns.offers")


class HasRule(Protocol):
    pk: int
    code: str
    rule: Any


Row = TypeVar("Row", bound=HasRule)


def filter_eligible(offers: Sequence[Row], subscriber_id: int) -> list[Row]:
    """The offers whose rule holds for the line, in their order. A rule that is no longer valid matches no line."""
    if not offers:
        return []
    fields = rule_catalogue()
    asked = {}
    for offer in offers:
        try:
            condition = as_q(parse(offer.rule, fields=fields))
        except Invalid as problem:  # e.g. a custom field was withdrawn; the offer's page shows the error
            log.warning("offer rule is broken", code=offer.code, why=str(problem.message))
            continue
        asked[f"offer_{offer.pk}"] = ExpressionWrapper(condition, output_field=BooleanField())
    answers = SubscriberProfile.objects.filter(pk=subscriber_id).values(**asked).first() if asked else None
    return [offer for offer in offers if answers and answers.get(f"offer_{offer.pk}")]


def parse_offer_rule(rule: object, *, fields: Mapping[str, RuleField] | None = None, typed: bool = False) -> Group:
    """The checked rule of an offer; `typed` as in rules.parse. Raises Invalid, also for a condition on the risk of
    leaving.

    Customers must not get different prices because of their risk (PIPL, Art. 24): risk decides who is called, never
    what is offered.
    """
    tree = parse(rule, fields=fields, typed=typed)
    problems = [
        {"path": condition.path, "field": condition.field.key, "code": "risk_field", "message": _refusal()}
        for condition in tree.conditions()
        if condition.field.is_risk or (condition.other and condition.other.is_risk)
    ]
    if problems:
        raise Invalid(_refusal(), code="risk_field", details=problems)
    return tree


def _refusal() -> str:
    return _(
        "The risk of leaving may decide who is called, not what is offered:"
        " customers with the same plan and use get the same terms."
    )
