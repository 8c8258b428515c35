"""Campaigns for tests: made in any state, with members as they would be frozen."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.states import APPROVED_STATES, Arm, MemberState, State
from customers.profile.models import SubscriberProfile
from tests.campaigns.rows import ask, make_line, rule
from tests.factories import TODAY, make_user, number

RICH = rule(ask("arpu", ">=", 80))


def make_campaign(**given: Any) -> Campaign:
    """A draft for lines of 80 yuan and more; in a later state approved by somebody."""
    state = given.get("state", State.DRAFT)
    approved = {"approved_by": given.pop("approved_by", None) or make_user()} if state in APPROVED_STATES else {}
    values = {
        "code": number("CA"), "name": "Autumn", "name_zh": "秋季", "rule": RICH, "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=20), "order_type": "churn_retention", "salt": "autumn",
        "enabled": state == State.RUNNING,
    }  # fmt: skip
    return Campaign.objects.create(**values | approved | given)


def make_member(*, campaign: Campaign, line: SubscriberProfile | None = None, **given: Any) -> CampaignMember:
    line = line or make_line()
    arm = given.get("arm", Arm.TREATED)
    values = {
        "campaign": campaign, "subscriber_id": line.pk, "customer_id": line.customer_id, "branch_id": line.branch_id,
        "expected_gain": Decimal("50"), "arpu": line.arpu, "arm": arm,
        "state": MemberState.WAITING if arm == Arm.TREATED else MemberState.LEFT_ALONE,
    }  # fmt: skip
    return CampaignMember.objects.create(**values | given)
