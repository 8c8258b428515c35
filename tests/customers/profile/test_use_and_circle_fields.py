"""Fields that add up what single measures and single lines say: use altogether, the household, the group."""

from datetime import date

import pytest

from customers.facts.models import CustomerGroup
from customers.profile.models import SubscriberProfile
from customers.profile.services import build_profile
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 10, 31)
MONTHS = [date(2026, month, 1) for month in range(3, 11)]


NOTHING = {"voice_out_s": 0, "voice_in_s": 0, "calls_out": 0, "calls_in": 0, "data_mb": 0}


def profile_of(line) -> SubscriberProfile:
    build_profile(as_of=AS_OF, force=True)
    return SubscriberProfile.objects.get(subscriber=line)


def months(line, *, before: dict, last: dict) -> None:
    """The same use every month, and October's (31 days) as given."""
    for month in MONTHS[:-1]:
        make.make_usage_month(subscriber=line, month=month, **NOTHING | before)
    scaled = {name: value * 31 / 30 for name, value in last.items()}
    make.make_usage_month(subscriber=line, month=MONTHS[-1], **NOTHING | scaled)


def test_use_altogether_is_the_mean_of_what_is_known_of_each_measure():
    line = make.make_subscriber()
    months(line, before={"calls_out": 60, "data_mb": 1000}, last={"calls_out": 30, "data_mb": 900})
    assert profile_of(line).use_change == pytest.approx((-0.5 - 0.1) / 2, abs=1e-3)


def test_one_measure_that_jumps_does_not_hide_that_the_others_fall():
    line = make.make_subscriber()
    months(line, before={"calls_out": 60, "sms_out": 10}, last={"calls_out": 30, "sms_out": 90})
    assert profile_of(line).use_change == pytest.approx((-0.5 + 2) / 2, abs=1e-3)


def test_a_long_fall_shows_against_the_half_year_when_the_three_months_have_fallen_already():
    line = make.make_subscriber()
    for month, data in zip(MONTHS, (1000, 1000, 1000, 1000, 400, 400, 400, 400 * 31 / 30), strict=True):
        make.make_usage_month(subscriber=line, month=month, **NOTHING | {"data_mb": data})
    profile = profile_of(line)
    assert profile.data_change == pytest.approx(0, abs=1e-3)
    assert profile.use_half_change == pytest.approx(400 / 700 - 1, abs=1e-3)


def test_a_line_of_which_no_use_is_known_has_no_change():
    profile = profile_of(make.make_subscriber())
    assert (profile.use_change, profile.use_half_change, profile.in_share_change) == (None, None, None)


def test_incoming_calls_that_stay_while_outgoing_ones_go_raise_the_share_of_calls_in():
    line = make.make_subscriber()
    months(line, before={"calls_out": 60, "calls_in": 60}, last={"calls_out": 30, "calls_in": 60})
    assert profile_of(line).in_share_change == pytest.approx(2 / 3 - 0.5, abs=1e-3)


def test_lines_of_the_customer_that_left_within_180_days_count_and_earlier_or_later_ones_do_not():
    customer = make.make_customer()
    line = make.make_subscriber(customer=customer)
    for day in (date(2026, 9, 1), date(2026, 5, 10), date(2026, 3, 1), date(2026, 11, 5)):
        make.make_subscriber(
            account=make.make_account(customer=customer), branch=line.branch, status="terminated", terminated_on=day
        )
    profile = profile_of(line)
    assert profile.household_left_180d == 2
    assert profile.lines_of_customer == 2
    assert profile_of(make.make_subscriber()).household_left_180d == 0


def test_the_share_of_a_group_that_forwards_counts_members_who_are_still_there():
    group = CustomerGroup.objects.create(group_no="G1", name="Works", kind="enterprise_vpn")
    lines = [make.make_subscriber(group=group) for _ in range(4)]
    gone = make.make_subscriber(group=group, status="terminated", terminated_on=date(2026, 10, 1))
    for line in (lines[0], gone):
        make.make_usage_month(subscriber=line, month=date(2026, 10, 1), forwarded_rival=3)
    for line in lines[1:]:
        make.make_usage_month(subscriber=line, month=date(2026, 10, 1), forwarded_rival=0)
    assert profile_of(lines[3]).group_forward_share == pytest.approx(0.25)
    assert profile_of(make.make_subscriber()).group_forward_share is None
