"""Lines and matrices for tests of segments."""

from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.segments.models import Segmentation
from campaigns.segments.services.installation import install_segmentations
from customers.facts.models import LineType
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch
from tests.factories import make_account, make_customer, make_plan, make_profile, make_subscriber

NIGHT = date(2026, 11, 19)
MONTH_END, MONTH_BEFORE = date(2026, 10, 31), date(2026, 9, 30)


def install() -> dict[str, Segmentation]:
    install_segmentations()
    return {one.code: one for one in Segmentation.objects.all()}


def make_line(*, branch: Branch | None = None, as_of: date = NIGHT, **given: Any) -> SubscriberProfile:
    """A mobile line of 100 yuan in use for two years, nothing falling, in no contract: mobile.high.middle.unbound."""
    line_type = given.pop("line_type", LineType.MOBILE)
    customer = given.pop("customer", None) or make_customer(**{"branch": branch} if branch else {})
    line = make_subscriber(
        account=make_account(customer=customer), branch=branch or customer.branch, line_type=line_type,
        plan=make_plan(line_type=line_type), status=given.get("status", "active"),
    )  # fmt: skip
    facts = {
        "arpu": Decimal("100"), "bill_change": 0.0, "voice_out_change": 0.0, "is_bundle": False, "in_contract": False,
        "terminal_generation": "4G", "terminal_months": 6.0, "data_half": 5000.0, "mobile_lines_of_customer": 0,
        "iptv_lines_of_customer": 0, "bandwidth": 300 if line_type == LineType.BROADBAND else None,
    }  # fmt: skip
    return make_profile(subscriber=line, as_of=as_of, **facts | given)
