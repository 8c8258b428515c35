"""Own lists: made by managers, they mark customers or block contact by channel and purpose; the gate knows them."""

import pytest
from django.urls import reverse

from campaigns.outreach import ContactRequest, reserve
from campaigns.outreach.models import RefusalReason
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry, OwnList
from customers.lists.services import add_to_list, end_list_entry, own_lists_open_to
from retention.core.errors import Conflict, Refused
from tests.factories import NOW, TODAY, make_profile, make_subscriber, make_user, number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
OWN = "/administration/lists/own/"


def make_own(**given) -> OwnList:
    return OwnList.objects.create(**{"code": number("l"), "name": "VIPs", "name_zh": "贵宾", "enabled": True} | given)


@pytest.fixture
def line(branches):
    return make_profile(subscriber=make_subscriber(branch=branches.outlet)).subscriber


def put(actor, line, own, **given) -> ListEntry:
    values = {"kind": "own", "own_list": own, "reason": "chosen", "starts_on": TODAY, "now": NOW}
    return add_to_list(actor=actor, customer=line.account.customer, **values | given)


def refused(line, *, channel="call", purpose="marketing"):
    wish = ContactRequest(line.account.customer_id, line.pk, channel, purpose, "test", number("W"))
    reason = reserve(requests=[wish], now=NOW)[0].reason
    ContactRecord.objects.all().delete()  # the next question is asked of a customer at rest
    return reason


def test_a_list_that_marks_blocks_nothing(mia, line):
    put(mia, line, make_own())
    assert refused(line, purpose="retention") is None


def test_a_list_that_blocks_does_so_for_its_channels_and_purposes_alone(mia, line):
    own = make_own(effect="block", channels=["call"], purposes=["retention"])
    put(mia, line, own)
    assert refused(line, purpose="retention") == RefusalReason.OWN_LIST
    assert refused(line, purpose="care") is None
    assert refused(line, channel="sms", purpose="retention") != RefusalReason.OWN_LIST


def test_without_channels_and_purposes_it_blocks_all_but_other_customers(mia, branches, line):
    own = make_own(effect="block")
    entry = put(mia, line, own)
    twin = make_subscriber(branch=branches.outlet, phone_number=line.phone_number)
    assert {refused(line, channel=one, purpose="service") for one in ("call", "sms")} == {RefusalReason.OWN_LIST}
    assert refused(twin, purpose="care") is None
    OwnList.objects.update(enabled=False)
    assert refused(line, channel="sms", purpose="service") is None
    OwnList.objects.update(enabled=True)
    end_list_entry(actor=mia, entry=entry, on=TODAY)
    assert refused(line, channel="email", purpose="service") is None


def test_an_entry_for_one_channel_blocks_that_channel(mia, line):
    put(mia, line, make_own(effect="block"), channel="sms")
    assert refused(line, channel="call", purpose="care") is None
    assert refused(line, channel="sms", purpose="service") == RefusalReason.OWN_LIST


def test_own_lists_are_for_managers_and_once_a_list(ana, mia, branches, line):
    own, other = make_own(), make_own()
    with pytest.raises(Refused):
        put(ana, line, own)
    put(mia, line, own)
    with pytest.raises(Conflict):
        put(mia, line, own)
    assert put(mia, line, other)
    foreign = make_own(branch=branches.other)
    manager = make_user(role="manager", branch=branches.city)
    assert foreign not in own_lists_open_to(manager)
    with pytest.raises(Refused):
        put(manager, line, foreign)


def test_a_manager_makes_one_and_puts_a_customer_on_it_by_form(manager, line):
    sent = {"code": "vip", "name": "VIPs", "name_zh": "贵宾", "effect": "block", "channels": ["call"],
            "purposes": ["marketing"]}  # fmt: skip
    assert manager.post(f"{OWN}new/", sent).headers["Location"] == f"{OWN}vip/"
    manager.post(f"{OWN}vip/switch/", {"to": "on"})
    page = manager.get(f"{OWN}vip/")
    assert "Blocks contact: Calls; Marketing" in page.text
    put_on = reverse("customers:put-on-list", args=[line.subscriber_no])
    data = {
        "kind": "own:vip",
        "channel": "any",
        "reason": "a friend of the house",
        "source": "customer",
        "proof": "R-7",
    }
    assert manager.post(put_on, data).status_code == 302
    entry = ListEntry.objects.get()
    assert (entry.own_list.code, entry.source, entry.proof) == ("vip", "customer", "R-7")
    assert "VIPs" in manager.get(reverse("customers:detail", args=[line.subscriber_no])).text
    entries = manager.get("/administration/lists/entries/?kind=own:vip").context["table"]
    assert [row.record.pk for row in entries.rows] == [entry.pk]
    assert manager.get(f"{OWN}vip/").context["entries"] == 1
    (row,) = manager.get(OWN).context["table"].data
    assert (row["entries"], row["code"]) == (1, "vip")
    manager.post(reverse("customers:take-off-list", args=[line.subscriber_no, entry.pk]))
    assert not ListEntry.objects.in_force(on=TODAY).exists()


def test_a_marking_list_keeps_no_channels(manager):
    sent = {"code": "m", "name": "M", "effect": "mark", "channels": ["call"], "purposes": ["marketing"]}
    manager.post(f"{OWN}new/", sent)
    own = OwnList.objects.get()
    assert (own.channels, own.purposes) == ([], [])
    assert manager.post(f"{OWN}new/", sent | {"effect": "shout"}).status_code == 422


def test_a_code_of_a_shipped_list_is_refused(manager):
    answer = manager.post(f"{OWN}new/", {"code": "blacklist", "name": "Mine", "effect": "mark"})
    assert answer.status_code == 422
    assert "A list that ships has this code." in answer.text
    assert not OwnList.objects.exists()


def test_own_lists_in_chinese(client, ada):
    make_own(effect="block", purposes=["retention"])
    client.force_login(ada)
    client.cookies["django_language"] = "zh-hans"
    page = client.get(OWN).text
    assert "贵宾" in page
    assert "禁止接触" in page
