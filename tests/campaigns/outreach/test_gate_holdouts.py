"""Customers who are held out for a measurement: whom the gate refuses for what, and how it is said."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from campaigns.outreach import ContactRequest, explain, may_call_now, reserve
from campaigns.outreach.models import ContactPurpose, HeldOut, RefusalReason
from campaigns.outreach.text import format_because, format_first_allowed, format_why
from customers.contacts.models import ContactRecord
from retention.core import clock
from tests.factories import NOW, TODAY, make_subscriber

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HELD = RefusalReason.HELD_OUT


@pytest.fixture
def line():
    return make_subscriber()


def hold(line, **given):
    values = {"customer_id": line.account.customer_id, "origin": "campaign:autumn", "purpose": "retention"}
    return HeldOut.objects.create(**values | {"since": TODAY, "until": TODAY + 9 * DAY} | given)


def wish(line, purpose="retention", **given):
    return ContactRequest(
        line.account.customer_id, line.pk, "call", purpose, "test", given.pop("order_no", ""), **given
    )


def reason(line, **given):
    (found,) = explain(requests=[wish(line, **given)], now=NOW)
    return found.reason


def test_a_control_member_is_refused_for_the_purpose_of_the_campaign(line):
    hold(line)
    assert reason(line) == HELD
    assert reason(line, purpose="renewal") is None
    assert reason(line, purpose="service") is None
    assert (
        may_call_now(customer_id=line.account.customer_id, subscriber_id=line.pk, now=NOW, purpose="retention") == HELD
    )


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (ContactPurpose.RETENTION, HELD),
        (ContactPurpose.RENEWAL, HELD),
        (ContactPurpose.CARE, None),
        (ContactPurpose.SERVICE, None),
    ],
)
def test_the_universal_holdout_refuses_whatever_the_operator_comes_forward_for(line, purpose, expected):
    hold(line, origin="universal", purpose="any", until=None)
    assert reason(line, purpose=purpose) == expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (TODAY, TODAY, HELD),
        (TODAY - 9 * DAY, None, HELD),
        (TODAY + DAY, None, None),
        (TODAY - 9 * DAY, TODAY - DAY, None),
    ],
)
def test_only_while_it_lasts(line, since: date, until: date | None, expected):
    hold(line, since=since, until=until)
    assert reason(line) == expected


def test_what_the_customer_asked_for_and_an_order_that_is_open_go_on(line):
    hold(line)
    assert reason(line, holdable=False) is None
    facts = {"customer_id": line.account.customer_id, "subscriber_id": line.pk, "now": NOW, "purpose": "retention"}
    assert may_call_now(**facts, order_no="W1") is None


def test_another_customer_is_not_touched(line):
    hold(make_subscriber())
    assert reason(line) is None


def test_a_request_without_a_word_about_holding_is_refused_and_kept_in_the_ledger(line):
    hold(line)
    (verdict,) = reserve(requests=[wish(line, order_no="W1")], now=NOW)
    record = ContactRecord.objects.get()
    assert (verdict.reason, record.state, record.reason) == (HELD, "refused", "held_out")
    assert record.behind == {
        "origin": "campaign:autumn", "since": str(TODAY), "until": str(TODAY + 9 * DAY),
    }  # fmt: skip


def test_the_answer_names_the_campaign_and_the_first_day_after(line):
    hold(line)
    (found,) = explain(requests=[wish(line)], now=NOW)
    assert found.at == clock.midnight(TODAY + 10 * DAY).replace(hour=9)
    assert format_why(found) == ("Held out for measurement until 29 Nov 2026: control group of campaign autumn.")
    with translation.override("zh-hans"):
        assert format_why(found) == "留作对照以衡量效果，至2026年11月29日：活动 autumn 的对照组。"
    hold(line, origin="universal", purpose="any", until=None)
    (found,) = explain(requests=[wish(line)], now=NOW)
    assert (found.at, format_first_allowed(found, now=NOW)) == (None, "when the measurement ends")
    assert format_why(found) == "Held out for measurement: one of the few customers whom no campaign contacts."


def test_a_refusal_whose_row_is_not_known_is_said_by_its_rule():
    assert format_because(HELD, {}, channel="call", purpose="retention") == "Held out for measurement"
