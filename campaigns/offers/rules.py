"""What the rule of an offer may say."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from campaigns.audiences.rules import Group, RuleField, parse
from retention.core.errors import Invalid


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
