from datetime import timedelta

import pytest
from django.urls import reverse

from customers.lists.models import ListEntry
from customers.lists.services import add_to_list, end_list_entry, lists_open_to
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, Refused
from tests.factories import NOW, TODAY, grant, make_list_entry, make_profile, make_subscriber

Kind = ListEntry.Kind


@pytest.fixture
def line(branches):
    return make_profile(subscriber=make_subscriber(branch=branches.outlet)).subscriber


def put(actor, line, **given) -> ListEntry:
    values = {"kind": Kind.DO_NOT_DISTURB, "reason": "asked for it", "starts_on": TODAY, "now": NOW}
    return add_to_list(actor=actor, customer=line.account.customer, **values | given)


def shown(line):
    line.profile.refresh_from_db()
    return line.profile


def test_the_entry_the_profile_and_the_trail_say_so_at_once(mia, line):
    entry = put(mia, line, channel="sms", ends_on=TODAY + timedelta(days=90))
    assert (entry.created_by, entry.reason, entry.channel) == (mia, "asked for it", "sms")
    assert shown(line).do_not_disturb is True
    trail = AuditEntry.objects.get(action="customer.list_add")
    assert trail.target == f"customer:{line.account.customer.customer_no}"
    assert trail.detail["list"] == Kind.DO_NOT_DISTURB


def test_taking_off_ends_it_the_day_before_and_keeps_the_row(mia, line):
    entry = put(mia, line)
    end_list_entry(actor=mia, entry=entry, on=TODAY + timedelta(days=3))
    assert ListEntry.objects.get(pk=entry.pk).ends_on == TODAY + timedelta(days=2)
    assert not line.account.customer.list_entries.in_force(on=TODAY + timedelta(days=3)).exists()
    assert shown(line).do_not_disturb is False
    assert AuditEntry.objects.filter(action="customer.list_end").count() == 1


def test_ending_what_has_ended_changes_nothing(mia, line):
    entry = make_list_entry(customer=line.account.customer, ends_on=TODAY - timedelta(days=5))
    end_list_entry(actor=mia, entry=entry, on=TODAY)
    assert ListEntry.objects.get(pk=entry.pk).ends_on == TODAY - timedelta(days=5)


def test_one_entry_a_list_and_channel(mia, line):
    put(mia, line)
    with pytest.raises(Conflict):
        put(mia, line)
    assert put(mia, line, channel="sms")


def test_the_profile_stays_flagged_while_another_entry_is_in_force(mia, line):
    first, _second = put(mia, line), put(mia, line, channel="sms")
    end_list_entry(actor=mia, entry=first, on=TODAY)
    assert shown(line).do_not_disturb is True


@pytest.mark.parametrize(
    ("given", "field"), [({"reason": " "}, "reason"), ({"ends_on": TODAY - timedelta(days=1)}, "ends_on")]
)
def test_a_blank_reason_or_an_end_before_the_start_is_refused(mia, line, given, field):
    with pytest.raises(Invalid) as error:
        put(mia, line, **given)
    assert error.value.details[0]["field"] == field


def test_each_role_is_offered_its_lists(ana, sam, mia, ada, lin):
    marks, every = (
        [Kind.DO_NOT_DISTURB, Kind.FALSE_USER],
        [Kind.DO_NOT_DISTURB, Kind.FALSE_USER, Kind.BLACKLIST, Kind.RED_LIST],
    )
    assert [lists_open_to(person) for person in (ana, sam, mia, ada, lin)] == [marks, marks, every, every, []]


def test_an_agent_may_not_blacklist_nor_take_off_a_blacklist(ana, mia, line):
    with pytest.raises(Refused):
        put(ana, line, kind=Kind.BLACKLIST)
    entry = put(mia, line, kind=Kind.BLACKLIST)
    with pytest.raises(Refused):
        end_list_entry(actor=ana, entry=entry, on=TODAY)


def test_an_agent_puts_his_customer_on_and_takes_him_off_on_the_page(client, ana, line):
    grant(customer=line.account.customer, user=ana)
    client.force_login(ana)
    page = reverse("customers:detail", args=[line.subscriber_no])
    with clock.freeze(NOW):
        url = reverse("customers:put-on-list", args=[line.subscriber_no])
        answer = client.post(url, {"kind": "do_not_disturb", "channel": "any", "reason": "said so on the phone"})
        assert answer.headers["Location"] == page
        assert "said so on the phone" in client.get(page).text
        entry = ListEntry.objects.get()
        client.post(reverse("customers:take-off-list", args=[line.subscriber_no, entry.pk]))
    assert not ListEntry.objects.in_force(on=TODAY).exists()


def test_a_wrong_form_comes_back_with_what_was_typed(client, mia, line):
    client.force_login(mia)
    url = reverse("customers:put-on-list", args=[line.subscriber_no])
    answer = client.post(url, {"kind": "do_not_disturb", "channel": "pigeon", "reason": "kept text"})
    assert answer.status_code == 422
    assert "kept text" in answer.text


def test_a_second_entry_says_that_the_customer_is_listed_already(client, mia, line):
    client.force_login(mia)
    url = reverse("customers:put-on-list", args=[line.subscriber_no])
    data = {"kind": "do_not_disturb", "channel": "any", "reason": "once"}
    assert client.post(url, data).status_code == 302
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "on this list already" in answer.text


def test_an_entry_of_another_customer_is_not_reached_through_this_one(client, mia, line):
    other = make_list_entry(customer=make_subscriber(branch=line.branch).account.customer)
    client.force_login(mia)
    assert client.post(reverse("customers:take-off-list", args=[line.subscriber_no, other.pk])).status_code == 404
