"""Lines and matrices for tests of segments."""

from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.segments.models import Segmentation
from campaigns.segments.services.installation import install_segmentations
from campaigns.segments.services.placement import record_segments
from customers.facts.models import LineType
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch
from tests.factories import make_account, make_branch, make_customer, make_plan, make_profile, make_subscriber

NIGHT = date(2026, 11, 19)
MONTH_END, MONTH_BEFORE = date(2026, 10, 31), date(2026, 9, 30)


def place_on(day: date) -> None:
    """A night of `day`, on which every profile stands."""
    SubscriberProfile.objects.update(as_of=day)
    record_segments(as_of=day)


def make_moved_base() -> dict[str, Any]:
    """Two cities with 3 and 2 mobile lines; in October one of the first fell, and one joined in the second."""
    rows = install()
    province = make_branch(name="Province")
    cities = [make_branch(parent=province, name=name) for name in ("East", "West")]
    lines = [make_line(branch=branch, as_of=MONTH_BEFORE) for branch in (*[cities[0]] * 3, *[cities[1]] * 2)]
    place_on(MONTH_BEFORE)
    SubscriberProfile.objects.filter(pk=lines[0].pk).update(bill_change=-0.5, arpu=Decimal("90"))
    lines.append(make_line(branch=cities[1], as_of=MONTH_END, tenure_days=5))
    place_on(MONTH_END)
    place_on(NIGHT)
    return {"rows": rows, "province": province, "cities": cities, "lines": lines}


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
