"""Every reason of the gate with the row behind it, since when it holds, and the first moment that would be allowed."""

from datetime import timedelta

import pytest
from django.utils import translation

from campaigns.outreach import ContactRequest, explain, explain_line, may_call_now, reserve
from campaigns.outreach.models import ContactPolicy, ContactPurpose, RefusalReason
from campaigns.outreach.text import format_because, format_first_allowed, format_why
from customers.contacts.models import ContactRecord
from customers.facts.models import Consent, Customer
from customers.lists.models import ListEntry
from retention.core import clock
from retention.core.ui.formats import moment
from tests.factories import NOW, TODAY, make_contact, make_list_entry, make_subscriber

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Reason = RefusalReason


@pytest.fixture
def line():
    return make_subscriber()


def wish(line, channel="call", purpose="retention", **given):
    return ContactRequest(line.account.customer_id, line.pk, channel, purpose, "scenario:S1", **given)


def answer(line, *, now=NOW, reserving=True, **given):
    (found,) = explain(requests=[wish(line, **given)], now=now, reserving=reserving)
    return found


def nine(days):
    return clock.midnight(TODAY + days * DAY).replace(hour=9)


def test_what_is_allowed_is_allowed_now(line):
    found = answer(line)
    assert (found.reason, found.at, found.since, format_why(found)) == (None, NOW, None, "")
    assert format_first_allowed(found, now=NOW) == "Now"


@pytest.mark.parametrize("kind", ["blacklist", "do_not_disturb", "false_user"])
def test_a_list_is_named_with_its_entry_its_period_and_its_note(line, kind):
    entry = make_list_entry(
        customer=line.account.customer, kind=kind, starts_on=TODAY - 3 * DAY, ends_on=TODAY + 2 * DAY, reason="by mail"
    )
    found = answer(line)
    assert (found.behind["list"], found.since, found.at) == (entry.pk, TODAY - 3 * DAY, nine(3))
    assert format_why(found).endswith(f"since {moment(TODAY - 3 * DAY)}: by mail.")
    entry.ends_on = None
    entry.save()
    found = answer(line)
    assert (found.at, format_first_allowed(found, now=NOW)) == (None, "until removed")


def test_of_another_customer_at_the_number_neither_note_nor_proof_is_told():
    line, other = (make_subscriber(phone_number="10088880000") for _ in range(2))
    make_list_entry(customer=other.account.customer, reason="secret illness")
    found = answer(line)
    assert (found.reason, found.behind["own"], found.behind["note"]) == (Reason.DO_NOT_DISTURB, False, "")
    assert "asked for by another customer at this number" in format_why(found)
    ListEntry.objects.all().delete()
    Consent.objects.create(
        subscriber=other, purpose="any", channel="call", granted=False, at=NOW - DAY, source="sms", proof="P-1"
    )
    found = answer(line)
    assert (found.reason, found.behind["proof"]) == (Reason.CONSENT_REFUSED, "")
    assert "for another line at this number" in format_why(found)


def test_a_refused_consent_is_told_with_its_proof(line):
    said = NOW - 49 * DAY
    consent = Consent.objects.create(
        subscriber=line, purpose="marketing", channel="sms", granted=False, at=said, source="SMS 'R'", proof="1234"
    )
    found = answer(line, channel="sms", purpose="marketing")
    assert (found.reason, found.behind["consent"], found.since, found.at) == (
        Reason.CONSENT_REFUSED, consent.pk, said, None,
    )  # fmt: skip
    assert format_why(found) == f"SMS, Marketing: refused by SMS 'R' on {moment(said)}, reference 1234."
    assert format_first_allowed(found, now=NOW) == "when the customer agrees again"


def test_a_missing_consent_has_no_date_and_no_end(line):
    found = answer(line, channel="sms", purpose="marketing")
    assert (found.reason, found.since, found.at) == (Reason.CONSENT_MISSING, None, None)
    assert format_why(found) == "Marketing needs a consent, and there is none for this line: SMS."


def test_an_opt_out_stops_only_what_a_risk_score_asks_for(line):
    Customer.objects.update(profiling_opt_out=True)
    assert answer(line).reason is None
    found = answer(line, by_risk=True)
    assert (found.reason, found.at) == (Reason.PROFILING_OPT_OUT, None)
    assert format_first_allowed(found, now=NOW) == "when the customer takes the opt-out back"


def test_the_order_of_a_risk_score_is_not_called_after_an_opt_out(line):
    reserve(requests=[wish(line, order_no="W1", by_risk=True)], now=NOW)
    asked = {"customer_id": line.account.customer_id, "subscriber_id": line.pk, "now": NOW, "purpose": "retention"}
    assert may_call_now(order_no="W1", **asked) is None
    Customer.objects.update(profiling_opt_out=True)
    assert may_call_now(order_no="W1", **asked) == Reason.PROFILING_OPT_OUT


def test_a_plan_names_the_order_that_holds_the_customer(line):
    plan = make_contact(
        subscriber=line, state=ContactRecord.State.RESERVED, order_no="W7", source="scenario:S4", at=NOW - 2 * DAY
    )
    found = answer(line)
    assert (found.reason, found.behind["contact"], found.since, found.at) == (
        Reason.ALREADY_RESERVED, plan.pk, NOW - 2 * DAY, None,
    )  # fmt: skip
    assert format_why(found) == f"Order W7 has held the customer since {moment(NOW - 2 * DAY)} (scenario S4)."
    assert format_first_allowed(found, now=NOW) == "when order W7 is closed"
    assert answer(line, reserving=False, order_no="W7").reason is None


def test_call_attempts_free_the_cap_one_by_one(line):
    """Three within seven days: the moment at which the earliest of them leaves the window."""
    for days in (6, 3, 1):
        make_contact(subscriber=line, at=NOW - days * DAY, outcome="not_reached")
    found = answer(line)
    assert (found.reason, found.since, found.at) == (Reason.ATTEMPTS_SPENT, NOW - DAY, NOW + DAY)
    assert format_why(found) == (f"3 call attempts in 7 days, at most 3. Full since {moment(NOW - DAY)}.")
    assert answer(line, now=found.at).reason is None
    assert answer(line, now=found.at - timedelta(seconds=1)).reason == Reason.ATTEMPTS_SPENT


def test_a_window_that_frees_at_night_is_free_when_calls_begin(line):
    for days in (6, 3, 1):
        make_contact(subscriber=line, at=(NOW - days * DAY).replace(hour=22), outcome="not_reached")
    assert answer(line).at == nine(2)


def test_a_conversation_counts_for_its_purpose(line):
    make_contact(subscriber=line, at=NOW - 10 * DAY, outcome="connected")
    found = answer(line)
    assert (found.reason, found.since, found.at) == (Reason.CONNECTED_LATELY, NOW - 10 * DAY, NOW + 20 * DAY)
    assert "1 conversation about Retention in 30 days, at most 1." in format_why(found)
    assert answer(line, purpose="renewal").reason is None


def test_messages_have_their_own_cap_and_their_own_hours(line):
    for days in (29, 20, 10, 5):
        make_contact(subscriber=line, channel="sms", at=(NOW - days * DAY).replace(hour=21), outcome="sent")
    found = answer(line, channel="email")
    assert (found.reason, found.since) == (Reason.MESSAGES_SPENT, (NOW - 5 * DAY).replace(hour=21))
    assert found.at == (NOW + DAY).replace(hour=21)  # e-mail until 22
    assert answer(line, channel="sms").at == clock.midnight(TODAY + 2 * DAY).replace(hour=8)


def test_all_contacts_together_have_a_cap(line):
    ContactPolicy.objects.create(contacts=3, contacts_days=10, kept=0)
    for days, channel in ((9, "sms"), (4, "call"), (2, "email")):
        make_contact(subscriber=line, channel=channel, at=NOW - days * DAY, outcome="sent")
    for channel in ("call", "sms", "email"):
        found = answer(line, channel=channel)
        assert (found.reason, found.since, found.at) == (Reason.CONTACTS_SPENT, NOW - 2 * DAY, NOW + DAY)
    assert answer(line, purpose="service").reason is None


def test_a_purpose_may_have_a_cap_of_its_own(line):
    ContactPolicy.objects.create(purpose_caps={"renewal": 2}, contacts_days=20, attempts=9)
    for days in (19, 3):
        make_contact(subscriber=line, at=NOW - days * DAY, purpose="renewal", outcome="not_reached")
    found = answer(line, purpose="renewal")
    assert (found.reason, found.since, found.at) == (Reason.PURPOSE_SPENT, NOW - 3 * DAY, NOW + DAY)
    assert "2 contacts for Renewal in 20 days, at most 2." in format_why(found)
    assert answer(line).reason is None


def test_the_last_attempt_is_kept_for_what_matters(line):
    for days in (6, 1):
        make_contact(subscriber=line, at=NOW - days * DAY, outcome="not_reached")
    found = answer(line, purpose="care")
    assert (found.reason, found.since, found.at) == (Reason.BUDGET_KEPT, NOW - DAY, NOW + DAY)
    assert "what is left is kept for Retention, Renewal, Service." in format_why(found)
    assert answer(line).reason is None
    assert answer(line, purpose="care", channel="sms").reason is None
    ContactPolicy.objects.create(kept=0)
    assert answer(line, purpose="care").reason is None


def test_the_last_of_all_contacts_is_kept_too(line):
    ContactPolicy.objects.create(contacts=3, contacts_days=10)
    for days in (9, 4):
        make_contact(subscriber=line, channel="sms", at=NOW - days * DAY, outcome="sent")
    found = answer(line, purpose="care", channel="sms")
    assert (found.reason, found.since, found.at) == (Reason.BUDGET_KEPT, NOW - 4 * DAY, NOW + DAY)
    assert answer(line, channel="sms").reason is None


def test_a_policy_that_allows_none_has_no_first_moment(line):
    ContactPolicy.objects.create(attempts=0, kept=0)
    found = answer(line)
    assert (found.reason, found.at, format_why(found)) == (Reason.ATTEMPTS_SPENT, None, "The policy allows none.")
    assert format_first_allowed(found, now=NOW) == "never by this policy"


def test_several_rules_end_with_the_last_of_them(line):
    make_contact(subscriber=line, at=NOW - 10 * DAY, outcome="connected")
    make_list_entry(customer=line.account.customer, ends_on=TODAY + 2 * DAY)
    make_list_entry(
        customer=line.account.customer, starts_on=TODAY + 20 * DAY, ends_on=TODAY + 21 * DAY, channel="call"
    )
    found = answer(line)
    assert (found.reason, found.at) == (Reason.DO_NOT_DISTURB, nine(22))


def test_outside_the_hours_a_contact_is_held_by_its_channel(line):
    night = NOW.replace(hour=20, minute=30)
    ContactPolicy.objects.create(sms_quiet_days=["6", "7"])
    call, sms = answer(line, now=night), answer(line, now=night, channel="sms")
    late = answer(line, now=night.replace(hour=21), channel="sms")
    assert (call.reason, call.at) == (Reason.QUIET_HOURS, nine(1))
    assert (sms.reason, late.reason, late.at) == (None, Reason.QUIET_HOURS, nine(3).replace(hour=8))
    assert format_why(late).startswith("Quiet hours: SMS are sent from 08:00 to 21:00, not on Saturday, Sunday")
    (verdict,) = reserve(requests=[wish(line, "sms")], now=night.replace(hour=21))
    assert (verdict.allowed, verdict.held_until) == (True, nine(3).replace(hour=8))


def test_all_purposes_and_channels_of_a_line_cost_two_statements(line, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = explain_line(customer_id=line.account.customer_id, subscriber_id=line.pk, now=NOW)
    assert [(one.request.purpose, one.request.channel) for one in found] == [
        (purpose, channel) for purpose in ContactPurpose.values for channel in ("call", "sms", "email", "app")
    ]
    assert {one.request.purpose for one in found if not one.allowed} == {"marketing"}


def test_the_ledger_keeps_the_row_behind_a_refusal_as_it_stood(line):
    consent = Consent.objects.create(
        subscriber=line, purpose="retention", channel="call", granted=False, at=NOW - DAY, source="web", proof="77"
    )
    reserve(requests=[wish(line, order_no="W1")], now=NOW)
    consent.granted = True
    consent.save()
    record = ContactRecord.objects.get()
    assert (record.state, record.reason, record.behind["consent"]) == ("refused", "consent_refused", consent.pk)
    why = format_because(record.reason, record.behind, channel=record.channel, purpose=record.purpose)
    assert why == f"Calls, Retention: refused by web on {moment(NOW - DAY)}, reference 77."


def test_refusals_of_earlier_releases_are_told_by_their_rule_alone():
    for reason in RefusalReason:
        assert format_because(reason, {}, channel="call", purpose="retention")
    assert format_because("do_not_disturb", {}, channel="call", purpose="retention") == "Do not disturb"


def test_it_is_said_in_chinese_too(line):
    make_list_entry(customer=line.account.customer, reason="客户要求", starts_on=TODAY)
    with translation.override("zh-hans"):
        found = answer(line)
        assert format_why(found) == f"免打扰，自{moment(TODAY)}起：客户要求。"
        assert format_first_allowed(found, now=NOW) == "至移出名单为止"


def test_the_answer_of_a_new_order_is_the_one_that_reserve_gives(line):
    for number, (channel, purpose) in enumerate([("call", "care"), ("sms", "marketing"), ("email", "retention")]):
        found = answer(line, channel=channel, purpose=purpose)
        (verdict,) = reserve(requests=[wish(line, channel, purpose, order_no=f"W{number}")], now=NOW)
        assert verdict.reason == found.reason
