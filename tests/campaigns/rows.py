"""Rows of the scenarios: rules are short to write, lines have a profile."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from campaigns.scenarios.models import Scenario, ScenarioHit
from customers.facts.models import Customer, Subscriber
from customers.profile.models import LeaverProfile, SubscriberProfile
from retention.core.accounts.models import Branch
from tests.factories import TODAY, make_account, make_customer, make_profile, make_subscriber, number

SPEND_FELL: dict[str, Any] = {"field": "bill_change", "operator": "<=", "value": -0.3}


def rule(*conditions: dict[str, Any], combinator: str = "and", negated: bool = False) -> dict[str, Any]:
    return {"combinator": combinator, "not": negated, "rules": list(conditions)}


def ask(field: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    condition = {"field": field, "operator": operator, **more}
    return condition if operator in {"null", "notNull"} else condition | {"value": value}


def make_scenario(**given: Any) -> Scenario:
    """Enabled, opens churn_retention orders for whose spend fell by 30 %."""
    values = {
        "code": number("X"), "name": "Spend fell", "name_zh": "话费突减", "rule": rule(SPEND_FELL), "enabled": True,
        "action": Scenario.Action.OPEN_ORDER, "order_type": "churn_retention",
    }  # fmt: skip
    return Scenario.objects.create(**values | given)


def make_line(*, customer: Customer | None = None, branch: Branch | None = None, **profile: Any) -> SubscriberProfile:
    """A line whose spend fell by half, unless told otherwise."""
    customer = customer or make_customer(**{"branch": branch} if branch else {})
    line = make_subscriber(account=make_account(customer=customer), branch=branch or customer.branch)
    return make_profile(subscriber=line, **{"bill_change": -0.5, "arpu": Decimal("100")} | profile)


def make_leaver(**profile: Any) -> LeaverProfile:
    """A line that was ported out 40 days ago and paid 80 yuan a month, unless told otherwise."""
    days = profile.pop("days_since_left", 40)
    reason = profile.pop("left_reason", Subscriber.Reason.PORT_OUT)
    line = make_subscriber(
        status=Subscriber.Status.TERMINATED, terminated_on=TODAY - timedelta(days=days), termination_reason=reason
    )
    facts = {"days_since_left": days, "left_reason": reason, "left_spend": Decimal("80"), "bills_unpaid": 0} | profile
    owner = line.account.customer
    return LeaverProfile.objects.create(subscriber=line, customer=owner, branch=line.branch, as_of=TODAY, **facts)


def make_hit(*, scenario: Scenario, line: SubscriberProfile | None = None, **given: Any) -> ScenarioHit:
    line = line or make_line()
    values = {
        "scenario": scenario, "subscriber_id": line.pk, "customer_id": line.customer_id, "branch_id": line.branch_id,
        "on": TODAY, "version": scenario.version, "gain": Decimal("50"), "evidence": {"bill_change": -0.42},
    }  # fmt: skip
    return ScenarioHit.objects.create(**values | given)
