"""The pages of the contact policy: who changes it, what it would refuse, stale forms and impossible values."""

from datetime import time, timedelta

import pytest

from campaigns.outreach.models import ContactPolicy
from campaigns.outreach.queries import count_refused, policy_versions
from campaigns.outreach.services import change_policy
from retention.core.administration.services import Seen
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid, Refused
from tests.factories import NOW, make_contact, make_subscriber

pytestmark = pytest.mark.django_db
PAGE, EDIT = "/administration/contact-policy/", "/administration/contact-policy/edit/"
VALUES = {
    "attempts": 3, "attempts_days": 7, "connected": 1, "connected_days": 30, "messages": 4, "messages_days": 30,
    "contacts": 10, "contacts_days": 30, "kept": 1, "kept_for": ["retention", "renewal", "service"],
    "calls_from": "09:00", "calls_until": "20:00", "sms_from": "08:00", "sms_until": "21:00", "email_from": "07:00",
    "email_until": "22:00", "app_from": "08:00", "app_until": "22:00", "consent_needed": ["marketing"],
    "uncapped": ["service"],
}  # fmt: skip


@pytest.fixture
def administrator(client, ada, standing_clock):
    client.force_login(ada)
    return client


def seen(client):
    return client.get(EDIT).context["form"]["seen"].value()


def test_an_administrator_changes_it_and_the_history_says_what(administrator, client, mia, ada):
    given = VALUES | {"attempts": 2, "calls_from": "09:30", "consent_needed": ["marketing", "renewal"], "uncapped": []}
    assert administrator.post(EDIT, given | {"seen": seen(administrator)}).status_code == 302
    policy = ContactPolicy.objects.get()
    assert (policy.attempts, policy.calls_from, policy.uncapped) == (2, time(9, 30), [])
    entry = AuditEntry.objects.get(action="contact_policy.change")
    assert (entry.actor, entry.detail["changes"]) == (
        ada,
        {
            "attempts": [3, 2],
            "calls_from": ["09:00:00", "09:30:00"],
            "consent_needed": [["marketing"], ["marketing", "renewal"]],
            "uncapped": [["service"], []],
        },
    )
    client.force_login(mia)
    page = client.get(PAGE)
    rows = [row.record for row in page.context["history"].rows]
    assert {(row["before"], row["after"]) for row in rows} == {
        ("3", "2"),
        ("09:00", "09:30"),
        ("Marketing", "Marketing, Renewal"),
        ("Service", "–"),
    }
    assert EDIT not in page.text


@pytest.mark.parametrize(("who", "reads", "writes"), [
    ("ana", 403, 403), ("lin", 403, 403), ("sam", 200, 403), ("mia", 200, 403), ("ada", 200, 200),
])  # fmt: skip
def test_who_reads_and_who_changes_it(client, request, who, reads, writes):
    client.force_login(request.getfixturevalue(who))
    assert (client.get(PAGE).status_code, client.get(EDIT).status_code) == (reads, writes)


def test_a_manager_cannot_change_it_by_the_service(mia):
    with pytest.raises(Refused):
        change_policy(actor=mia, values={"attempts": 99}, seen=Seen({"attempts": 3}))


@pytest.mark.parametrize(("field", "value"), [
    ("calls_until", "08:00"), ("calls_until", "09:00"), ("attempts", "-1"), ("attempts_days", "0"),
    ("connected_days", "99999999999999999999"), ("messages", "9" * 5000), ("attempts", "NaN"), ("attempts", "²"),
    ("consent_needed", "nonsense"), ("calls_from", "25:00"), ("calls_from", ""), ("sms_until", "07:00"),
    ("email_quiet_days", list("1234567")), ("sms_quiet_days", "8"), ("kept", "4"), ("cap_care", "-1"),
])  # fmt: skip
def test_what_makes_no_sense_is_said_at_its_field(administrator, field, value):
    answer = administrator.post(EDIT, VALUES | {"seen": seen(administrator), field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not AuditEntry.objects.filter(action="contact_policy.change").exists()


def test_hours_upside_down_are_refused_by_the_service_too(ada):
    base = {"calls_from": "09:00:00"}
    with pytest.raises(Invalid):
        change_policy(actor=ada, values={"calls_from": time(21)}, seen=Seen(base))
    assert ContactPolicy.objects.current().calls_from == time(9)


def test_two_who_change_it_at_once(administrator, ada):
    first = seen(administrator)
    change_policy(actor=ada, values={"attempts": 5}, seen=Seen({"attempts": 3}))
    answer = administrator.post(EDIT, VALUES | {"messages": 6, "seen": first})
    assert answer.status_code == 409
    rows = [row.record for row in answer.context["conflict"].rows]
    assert [(row["stored"], row["sent"], row["is_own"]) for row in rows] == [("5", "3", False), ("4", "6", True)]
    again = VALUES | {"messages": 6, "seen": first, "known": answer.context["stored"], "merge": "1"}
    assert administrator.post(EDIT, again).status_code == 302
    policy = ContactPolicy.objects.get()
    assert (policy.attempts, policy.messages) == (5, 6)


def days_ago(days, hour=10):
    return (NOW - timedelta(days=days)).replace(hour=hour)


def test_what_another_policy_would_have_refused(django_assert_num_queries):
    line, other = make_subscriber(), make_subscriber()
    for days in (50, 6, 5, 4, 3):  # the first lies before the counted days; the last is the fourth within a week
        make_contact(subscriber=line, outcome="not_reached", at=days_ago(days))
    for days in (35, 20):  # the second conversation within 30 days
        make_contact(subscriber=other, outcome="connected", at=days_ago(days), purpose="care")
    make_contact(subscriber=other, outcome="not_reached", at=days_ago(2, hour=21))
    make_contact(subscriber=other, state="refused", at=days_ago(1))
    with django_assert_num_queries(1):
        found = count_refused(ContactPolicy(), now=NOW)
    assert found == {"": 3, "attempts_spent": 1, "connected_lately": 1, "quiet_hours": 1}
    assert count_refused(ContactPolicy(attempts=2, connected=2, calls_until=time(22)), now=NOW) == {
        "": 4,
        "attempts_spent": 2,
    }


def test_what_the_new_caps_hours_and_the_kept_contacts_would_have_refused():
    line, other = make_subscriber(), make_subscriber()
    for days in (9, 8, 7):
        make_contact(subscriber=line, channel="sms", outcome="sent", at=days_ago(days, hour=8), purpose="care")
    make_contact(subscriber=other, channel="sms", outcome="sent", at=days_ago(6), purpose="renewal")  # a Saturday
    assert count_refused(ContactPolicy(), now=NOW) == {"": 4}
    assert count_refused(ContactPolicy(contacts=2), now=NOW) == {"": 2, "contacts_spent": 1, "budget_kept": 1}
    assert count_refused(ContactPolicy(purpose_caps={"care": 1}), now=NOW) == {"": 2, "purpose_spent": 2}
    assert count_refused(ContactPolicy(sms_from=time(9)), now=NOW) == {"": 1, "quiet_hours": 3}
    assert count_refused(ContactPolicy(sms_quiet_days=["6"]), now=NOW) == {"": 3, "quiet_hours": 1}


def test_an_order_whose_customer_was_reached_goes_on_uncapped():
    line = make_subscriber()
    make_contact(subscriber=line, outcome="connected", at=days_ago(5), order_no="W1")
    make_contact(subscriber=line, outcome="connected", at=days_ago(4), order_no="W1")
    make_contact(subscriber=line, outcome="connected", at=days_ago(3), order_no="W2")
    assert count_refused(ContactPolicy(), now=NOW) == {"": 2, "connected_lately": 1}


def test_counting_saves_nothing_and_shows_both_policies(administrator):
    line = make_subscriber()
    for days in (4, 3):
        make_contact(subscriber=line, outcome="not_reached", at=days_ago(days))
    answer = administrator.post(EDIT, VALUES | {"attempts": 1, "count": "1", "seen": seen(administrator)})
    assert answer.status_code == 200
    rows = [tuple(row.record.values()) for row in answer.context["effect"].rows]
    assert rows == [
        ("Call attempts used up", 0, 1),
        ("Spoken to recently", 0, 0),
        ("Message cap reached", 0, 0),
        ("Contact cap reached", 0, 0),
        ("Contact cap of the purpose reached", 0, 0),
        ("Kept for more important purposes", 0, 0),
        ("Quiet hours", 0, 0),
        ("All rules", 0, 1),
        ("Of contacts made", 2, 2),
    ]
    assert answer.context["form"]["attempts"].value() == "1"
    assert not ContactPolicy.objects.exists()


def test_every_version_since_the_installation_can_be_read(administrator, ada):
    change_policy(
        actor=ada, values={"attempts": 5, "sms_until": time(20)}, seen=Seen({"attempts": 3, "sms_until": "21:00:00"})
    )
    change_policy(actor=ada, values={"attempts": 4}, seen=Seen({"attempts": 5}))
    page = administrator.get(PAGE)
    assert [one.number for one in policy_versions()] == [3, 2, 1]
    rows = [
        [row.get_cell_value(name) for name in ("number", "since", "changed")] for row in page.context["versions"].rows
    ]
    assert [row[0] for row in rows] == [3, 2, 1]
    assert rows[1][2] == "Call attempts, SMS until"
    assert rows[2][1] == "the installation"
    assert page.context["is_current"]
    for version, attempts, until in ((1, "3", "21:00"), (2, "5", "20:00"), (3, "4", "20:00")):
        shown = administrator.get(PAGE, {"version": version})
        assert (dict(shown.context["facts"])["Call attempts at most"], shown.context["is_current"]) == (
            attempts, version == 3,
        )  # fmt: skip
        assert f"to {until}" in shown.text
    assert administrator.get(PAGE, {"version": "9"}).status_code == 404


def test_the_rules_by_purpose_and_channel_are_said(administrator):
    ContactPolicy.objects.create(purpose_caps={"care": 2}, sms_quiet_days=["7"])
    page = administrator.get(PAGE)
    rows = {row.record["purpose"]: row.record for row in page.context["purposes"].rows}
    assert rows["Care"]["caps"] == "at most 2 in 30 days, within those for all"
    assert (rows["Care"]["kept"], rows["Renewal"]["kept"]) == ("may not use the last 1", "may use them")
    assert (rows["Marketing"]["consent"], rows["Service"]["caps"]) == ("needed", "none")
    hours = {row.record["channel"]: row.record["hours"] for row in page.context["channels"].rows}
    assert hours["SMS"] == "SMS are sent from 08:00 to 21:00, not on Sunday"


def test_caps_of_purposes_and_days_without_contacts_are_saved(administrator):
    given = VALUES | {
        "cap_marketing": 2,
        "cap_care": "",
        "sms_quiet_days": ["6", "7"],
        "kept": 2,
        "kept_for": ["service"],
    }
    assert administrator.post(EDIT, given | {"seen": seen(administrator)}).status_code == 302
    policy = ContactPolicy.objects.get()
    assert (policy.purpose_caps, policy.sms_quiet_days, policy.kept, policy.kept_for) == (
        {"marketing": 2}, ["6", "7"], 2, ["service"],
    )  # fmt: skip
    assert administrator.get(EDIT).context["form"]["cap_marketing"].value() == 2


def test_history_written_by_earlier_releases_is_still_read(administrator, ada):
    from retention.core.audit import services as audit

    audit.record(actor=ada, action="contact_policy.change", target="contactpolicy", changes={"calls_from": "08:00"})
    rows = [row.record for row in administrator.get(PAGE).context["history"].rows]
    assert [(row["before"], row["after"]) for row in rows] == [("–", "08:00")]


def test_the_policy_in_chinese(administrator):
    administrator.cookies["django_language"] = "zh-hans"
    html = administrator.get(EDIT).text
    assert "接触策略" in html
    assert "仅测算，不保存" in html
