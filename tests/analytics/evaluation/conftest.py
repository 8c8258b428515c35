from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.campaigns.models import CampaignMember
from campaigns.campaigns.states import MemberState, State
from customers.facts.models import Subscriber
from retention.core.accounts.roles import Role
from tests.analytics.evaluation.members import CONTROL
from tests.campaigns.campaigns.rows import make_campaign
from tests.factories import TODAY, make_account, make_customer, make_subscriber, make_user, number


@pytest.fixture
def campaign():
    return make_campaign(state=State.MEASURING, control_percent=50, code="autumn", contact_cost=Decimal(6))


@pytest.fixture
def admin():
    return make_user(role=Role.ADMINISTRATOR)


@pytest.fixture
def crowd(branches):
    """Makes many members at once: crowd(campaign, arm, number, left=...)."""
    customer = make_customer(branch=branches.outlet)
    account = make_account(customer=customer)
    model = make_subscriber(account=account, branch=branches.outlet)

    def make(campaign, arm, count, *, left=0, days_ago=95, branch=None, wave=1, **given):
        branch, on = branch or branches.outlet, TODAY - timedelta(days=days_ago)
        fields = {
            field.attname: getattr(model, field.attname) for field in Subscriber._meta.concrete_fields
            if field.attname not in ("id", "subscriber_no", "phone_number")
        }  # fmt: skip
        fields |= {"branch_id": branch.pk}
        gone = {"status": "terminated", "terminated_on": on + timedelta(days=20), "termination_reason": "port_out"}
        lines = Subscriber.objects.bulk_create(
            Subscriber(subscriber_no=number("S"), phone_number=number("1"), **fields | (gone if place < left else {}))
            for place in range(count)
        )
        state = MemberState.LEFT_ALONE if arm == CONTROL else MemberState.OPENED
        base = CampaignMember.objects.count() + 10_000
        fields = {
            "campaign": campaign, "branch": branch, "arm": arm, "wave": wave, "arpu": Decimal(100), "state": state,
            "launched_on": on,
        } | given  # fmt: skip
        return CampaignMember.objects.bulk_create(
            CampaignMember(subscriber=line, customer_id=base + place, **fields) for place, line in enumerate(lines)
        )

    return make
