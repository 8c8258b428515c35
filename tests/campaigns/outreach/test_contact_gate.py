from datetime import timedelta

import pytest

from campaigns.outreach import ContactRequest, NextCall, may_call_now, next_calls, reserve, use
from campaigns.outreach.models import ContactOutcome, ContactPolicy, ContactPurpose, RefusalReason
from customers.contacts.models import ContactRecord
from customers.facts.models import Consent, Subscriber
from customers.lists.models import ListEntry
from retention.core import clock
from tests.factories import NOW, TODAY, make_account, make_contact, make_customer, make_list_entry, make_subscriber

pytestmark = pytest.mark.django_db
State, Channel, Kind = ContactRecord.State, ListEntry.Channel, ListEntry.Kind


@pytest.fixture
def line():
    return make_subscriber()


def wish(line, order_no="W1", **given):
    values = {"channel": Channel.CALL, "purpose": ContactPurpose.RETENTION, "source": "test", "order_no": order_no}
    return ContactRequest(customer_id=line.account.customer_id, subscriber_id=line.pk, **values | given)


def answer(line, **given):
    (verdict,) = reserve(requests=[wish(line, **given)], now=NOW)
    return verdict.reason


def spoken_to(line, **given):
    return make_contact(subscriber=line, outcome=ContactOutcome.CONNECTED, **given)


def called(line, times, **given):
    for _ in range(times):
        make_contact(subscriber=line, outcome=ContactOutcome.NOT_REACHED, **given)


def agreed(line, granted, **given):
    values = {"purpose": "retention", "channel": "call", "at": NOW, "source": "web"}
    Consent.objects.create(subscriber=line, granted=granted, **values | given)


def test_an_allowed_contact_is_reserved_in_the_ledger(line):
    assert answer(line) is None
    record = ContactRecord.objects.get()
    assert (record.state, record.order_no, record.reason, record.at) == (State.RESERVED, "W1", "", NOW)
    assert (record.customer_id, record.subscriber_id) == (line.account.customer_id, line.pk)
    assert (record.channel, record.purpose, record.source) == ("call", "retention", "test")


def test_a_refused_contact_is_in_the_ledger_with_its_reason(line):
    make_list_entry(customer=line.account.customer, kind=Kind.BLACKLIST)
    assert answer(line) == RefusalReason.BLACKLISTED
    record = ContactRecord.objects.get()
    assert (record.state, record.reason, record.order_no) == (State.REFUSED, "blacklisted", "")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"kind": Kind.BLACKLIST}, RefusalReason.BLACKLISTED),
        ({"kind": Kind.FALSE_USER}, RefusalReason.FALSE_USER),
        ({"kind": Kind.DO_NOT_DISTURB}, RefusalReason.DO_NOT_DISTURB),
        ({"kind": Kind.DO_NOT_DISTURB, "channel": Channel.CALL}, RefusalReason.DO_NOT_DISTURB),
        ({"kind": Kind.DO_NOT_DISTURB, "ends_on": TODAY}, RefusalReason.DO_NOT_DISTURB),
        ({"kind": Kind.DO_NOT_DISTURB, "channel": Channel.SMS}, None),
        ({"kind": Kind.DO_NOT_DISTURB, "ends_on": TODAY - timedelta(days=1)}, None),
        ({"kind": Kind.DO_NOT_DISTURB, "starts_on": TODAY + timedelta(days=1)}, None),
        ({"kind": Kind.RED_LIST}, None),
    ],
)
def test_lists_in_force_for_the_channel_stop_a_contact(line, entry, reason):
    make_list_entry(customer=line.account.customer, **entry)
    assert answer(line) == reason


@pytest.mark.parametrize(
    ("consent", "purpose", "reason"),
    [
        (None, "retention", None),
        ({"granted": False}, "retention", RefusalReason.CONSENT_REFUSED),
        ({"granted": False, "purpose": "any"}, "retention", RefusalReason.CONSENT_REFUSED),
        ({"granted": False, "channel": "any"}, "retention", RefusalReason.CONSENT_REFUSED),
        ({"granted": False, "purpose": "marketing"}, "retention", None),
        ({"granted": False, "channel": "sms"}, "retention", None),
        ({"granted": True}, "retention", None),
        (None, "marketing", RefusalReason.CONSENT_MISSING),
        ({"granted": True, "purpose": "marketing"}, "marketing", None),
    ],
)
def test_consent(line, consent, purpose, reason):
    if consent:
        agreed(line, **consent)
    assert answer(line, purpose=purpose) == reason


def test_which_purposes_need_consent_is_a_setting(line):
    ContactPolicy.objects.create(consent_needed=["retention"])
    assert answer(line) == RefusalReason.CONSENT_MISSING
    assert answer(line, purpose="marketing") is None


def test_a_second_reservation_of_the_customer_is_refused_whoever_asks(line):
    other_line = make_subscriber(account=make_account(customer=line.account.customer))
    assert answer(line) is None
    assert answer(line) == RefusalReason.ALREADY_RESERVED
    assert answer(other_line, order_no="W2", purpose="care") == RefusalReason.ALREADY_RESERVED


@pytest.mark.parametrize(
    ("calls", "days_ago", "reason"),
    [(2, 1, None), (3, 1, RefusalReason.ATTEMPTS_SPENT), (3, 6, RefusalReason.ATTEMPTS_SPENT), (3, 7, None)],
)
def test_three_call_attempts_in_seven_days_are_enough(line, calls, days_ago, reason):
    called(line, calls, at=NOW - timedelta(days=days_ago))
    assert answer(line) == reason


def test_only_calls_that_were_made_count_as_attempts(line):
    for state in (State.REFUSED, State.RELEASED):
        called(line, 3, at=NOW - timedelta(days=1), state=state)
    called(line, 3, at=NOW - timedelta(days=1), channel=Channel.SMS)
    assert answer(line) is None


@pytest.mark.parametrize(
    ("days_ago", "purpose", "reason"),
    [(29, "retention", RefusalReason.CONNECTED_LATELY), (30, "retention", None), (29, "renewal", None)],
)
def test_one_conversation_a_month_for_one_purpose(line, days_ago, purpose, reason):
    spoken_to(line, at=NOW - timedelta(days=days_ago), purpose=purpose)
    assert answer(line) == reason


def test_messages_have_a_cap_of_their_own(line):
    for _ in range(4):
        make_contact(subscriber=line, channel=Channel.SMS, outcome=ContactOutcome.SENT)
    assert answer(line, channel=Channel.EMAIL) == RefusalReason.MESSAGES_SPENT
    assert answer(line) is None


def test_caps_are_settings(line):
    ContactPolicy.objects.create(attempts=1, attempts_days=2, connected=2)
    spoken_to(line, at=NOW - timedelta(days=3))
    assert answer(line) is None
    ContactRecord.objects.filter(state=State.RESERVED).delete()
    called(line, 1, at=NOW - timedelta(days=1))
    assert answer(line) == RefusalReason.ATTEMPTS_SPENT


def test_contacts_the_customer_asked_for_have_no_caps_but_lists_hold(line):
    called(line, 5, at=NOW - timedelta(days=1))
    assert answer(line) == RefusalReason.ATTEMPTS_SPENT
    assert answer(line, purpose="service") is None
    stranger = make_subscriber()
    make_list_entry(customer=stranger.account.customer)
    assert answer(stranger, purpose="service") == RefusalReason.DO_NOT_DISTURB


def test_the_gravest_reason_is_the_one_told(line):
    called(line, 5, at=NOW - timedelta(days=1))
    agreed(line, granted=False)
    make_list_entry(customer=line.account.customer)
    make_list_entry(customer=line.account.customer, kind=Kind.FALSE_USER)
    assert answer(line) == RefusalReason.FALSE_USER


def test_many_requests_are_answered_in_their_order(line, django_assert_max_num_queries):
    blocked, twin = make_subscriber(), make_subscriber(account=line.account)
    make_list_entry(customer=blocked.account.customer)
    requests = [wish(blocked, "W1"), wish(line, "W2"), wish(twin, "W3"), wish(make_subscriber(), "W4")]
    with django_assert_max_num_queries(6):
        verdicts = reserve(requests=requests, now=NOW)
    reasons = [verdict.reason for verdict in verdicts]
    assert reasons == [RefusalReason.DO_NOT_DISTURB, None, RefusalReason.ALREADY_RESERVED, None]
    assert [verdict.request for verdict in verdicts] == requests
    assert ContactRecord.objects.filter(state=State.RESERVED).count() == 2


@pytest.fixture
def household():
    """Three customers, each with a line of its own, at one telephone number."""
    return [make_subscriber(phone_number="10088880000") for _ in range(3)]


def test_one_number_is_called_once_whoever_it_belongs_to(household, ana):
    outcomes = []
    for minute, line in enumerate(household):
        at = NOW + timedelta(minutes=minute)
        (verdict,) = reserve(requests=[wish(line, f"W{minute}")], now=at)
        outcomes.append(verdict.reason)
        if verdict.allowed:
            use(order_no=f"W{minute}", outcome=ContactOutcome.CONNECTED, now=at, actor=ana)
    assert outcomes == [None, RefusalReason.CONNECTED_LATELY, RefusalReason.CONNECTED_LATELY]


def test_attempts_and_messages_count_over_all_customers_of_a_number(household):
    first, second, third = household
    called(first, 2, at=NOW - timedelta(days=1))
    called(second, 1, at=NOW - timedelta(days=1))
    assert answer(third) == RefusalReason.ATTEMPTS_SPENT
    for line in (first, second, first, second):
        make_contact(subscriber=line, channel=Channel.SMS, outcome=ContactOutcome.SENT)
    assert answer(third, channel=Channel.SMS) == RefusalReason.MESSAGES_SPENT
    assert answer(make_subscriber(phone_number="10088880001")) is None


def test_contacts_of_the_customer_at_the_number_count_once(line):
    twin = make_subscriber(account=line.account, phone_number=line.phone_number)
    called(line, 1, at=NOW - timedelta(days=1))
    called(twin, 1, at=NOW - timedelta(days=1))
    assert answer(line) is None


def test_of_one_number_only_one_customer_has_a_reservation(household):
    first, second, third = household
    verdicts = reserve(requests=[wish(first, "W1"), wish(second, "W2")], now=NOW)
    assert [verdict.reason for verdict in verdicts] == [None, RefusalReason.ALREADY_RESERVED]
    assert answer(third, order_no="W3") == RefusalReason.ALREADY_RESERVED


def test_a_request_refused_for_its_customer_keeps_no_other_from_the_number(household):
    first, second, third = household
    make_list_entry(customer=first.account.customer, kind=Kind.FALSE_USER)
    other = make_subscriber(account=second.account)
    verdicts = reserve(requests=[wish(first, "W1"), wish(other, "W2"), wish(second, "W3"), wish(third, "W4")], now=NOW)
    assert [verdict.allowed for verdict in verdicts] == [False, True, False, True]


@pytest.mark.parametrize(
    ("refuse", "reason"),
    [
        (lambda line: make_list_entry(customer=line.account.customer, kind=Kind.BLACKLIST), RefusalReason.BLACKLISTED),
        (
            lambda line: make_list_entry(customer=line.account.customer, kind=Kind.DO_NOT_DISTURB),
            RefusalReason.DO_NOT_DISTURB,
        ),
        (lambda line: agreed(line, granted=False), RefusalReason.CONSENT_REFUSED),
    ],
    ids=["blacklist", "do_not_disturb", "consent"],
)
def test_a_no_at_a_number_holds_for_every_customer_there_until_its_owner_leaves(household, refuse, reason):
    first, second, _third = household
    refuse(first)
    assert answer(second) == reason
    assert answer(make_subscriber(phone_number="10088880001")) is None
    Subscriber.objects.filter(pk=first.pk).update(status=Subscriber.Status.TERMINATED)
    assert answer(second) is None


def test_lines_without_a_number_have_nothing_in_common():
    lines = [make_subscriber(phone_number="") for _ in range(2)]
    verdicts = reserve(requests=[wish(line, f"W{line.pk}") for line in lines], now=NOW)
    assert all(verdict.allowed for verdict in verdicts)


def test_customers_that_come_to_share_a_number_later_do_not_block_each_other_for_ever(line, ana):
    other = make_subscriber()
    assert (answer(line, order_no="W1"), answer(other, order_no="W2")) == (None, None)
    Subscriber.objects.filter(pk=other.pk).update(phone_number=line.phone_number)
    call = {"purpose": "retention", "now": NOW + timedelta(minutes=5)}
    ids = [{"customer_id": one.account.customer_id, "subscriber_id": one.pk} for one in (line, other)]
    assert may_call_now(order_no="W1", **ids[0], **call) is None
    use(order_no="W1", outcome=ContactOutcome.CONNECTED, now=NOW, actor=ana)
    assert may_call_now(order_no="W2", **ids[1], **call) == RefusalReason.CONNECTED_LATELY


def test_a_refused_request_does_not_take_the_place_of_a_later_good_one():
    customer = make_customer()
    lines = [make_subscriber(account=make_account(customer=customer)) for _ in range(2)]
    agreed(lines[0], granted=False)
    verdicts = reserve(requests=[wish(lines[0], "W1"), wish(lines[1], "W2")], now=NOW)
    assert [verdict.allowed for verdict in verdicts] == [False, True]


def test_asking_for_nothing_is_answered_with_nothing():
    assert reserve(requests=[], now=NOW) == []


def test_when_a_call_is_allowed_again_is_told_with_the_gates_reason():
    lines = [make_subscriber() for _place in range(8)]
    free, tried, spoken, barred, both, endless, refused, planned = lines
    for days in (1, 2, 6):
        make_contact(subscriber=tried, at=NOW - timedelta(days=days), outcome="not_reached")
    for line in (spoken, both):
        make_contact(subscriber=line, at=NOW - timedelta(days=10), outcome="connected")
    make_list_entry(customer=barred.account.customer, ends_on=TODAY + timedelta(days=2))
    make_list_entry(customer=both.account.customer, ends_on=TODAY + timedelta(days=2))
    make_list_entry(customer=endless.account.customer)
    make_list_entry(customer=endless.account.customer, ends_on=TODAY)
    Consent.objects.create(subscriber=refused, purpose="any", channel="any", granted=False, at=NOW)
    make_contact(subscriber=planned, state=ContactRecord.State.RESERVED, order_no="W1")
    asked = {line.pk: line.account.customer_id for line in lines}
    told = next_calls(lines=asked, purpose="retention", now=NOW)
    calls_begin = clock.midnight(TODAY + timedelta(days=3)).replace(hour=9)
    assert [(told[line.pk].reason or "", told[line.pk].at) for line in lines] == [
        ("", NOW),
        ("attempts_spent", NOW + timedelta(days=1)),
        ("connected_lately", NOW + timedelta(days=20)),
        ("do_not_disturb", calls_begin),
        ("do_not_disturb", NOW + timedelta(days=20)),
        ("do_not_disturb", None),
        ("consent_refused", None),
        ("already_reserved", None),
    ]
    verdicts = reserve(
        requests=[ContactRequest(asked[one.pk], one.pk, "call", "retention", "x") for one in lines], now=NOW
    )
    assert [verdict.reason for verdict in verdicts] == [told[line.pk].reason for line in lines]


def test_a_call_that_is_allowed_waits_for_the_calling_hours():
    line = make_subscriber()
    told = next_calls(lines={line.pk: line.account.customer_id}, purpose="retention", now=NOW.replace(hour=21))
    assert told[line.pk] == NextCall(None, NOW.replace(hour=9) + timedelta(days=1))
