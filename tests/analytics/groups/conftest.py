from datetime import timedelta
from decimal import Decimal

import pytest

from customers.facts.models import CustomerGroup
from tests.factories import TODAY, make_profile, make_subscriber


@pytest.fixture
def make_group(branches):
    """A group of so many lines in the outlet; the first `left` have gone, the next `forwarding` forward to a rival."""

    def make(members, *, left=0, forwarding=0, kind="enterprise_vpn", branch=None, number="G1", **profile):
        group = CustomerGroup.objects.create(group_no=number, name=f"Works {number}", kind=kind)
        for place in range(members):
            line = make_subscriber(branch=branch or branches.outlet, group=group)
            if place < left:
                line.status, line.terminated_on = "terminated", TODAY - timedelta(days=10)
                line.save(update_fields=["status", "terminated_on"])
                continue
            forwards = 4.0 if place < left + forwarding else 0.0
            values = {"arpu": Decimal("100"), "risk_probability": 0.02, "bill_last": 100, "bill_base": 100}
            make_profile(subscriber=line, **values | {"forwarded_rival_recent": forwards} | profile)
        return group

    return make
