"""Source and proof of an entry, its end by date, changes and early ends; ended ones stay as history."""

from datetime import timedelta

import pytest

from customers.lists.models import ListEntry
from customers.lists.queries import history_of
from customers.lists.services import add_to_list, change_list_entry, end_list_entry
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, Refused
from tests.factories import NOW, TODAY, make_list_entry, make_profile, make_subscriber, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
ENTRIES = "/administration/lists/entries/"


@pytest.fixture
def line(branches):
    return make_profile(subscriber=make_subscriber(branch=branches.outlet)).subscriber


@pytest.fixture
def entry(mia, line):
    return add_to_list(
        actor=mia, customer=line.account.customer, kind="do_not_disturb", reason="asked", starts_on=TODAY, now=NOW,
        source="customer", proof="REC-20261120-7", ends_on=TODAY + timedelta(days=20),
    )  # fmt: skip


def change(actor, entry, **given):
    values = {"ends_on": entry.ends_on, "reason": entry.reason, "proof": entry.proof} | given
    return change_list_entry(actor=actor, entry=entry, now=NOW, **values)


def test_source_and_proof_are_kept_and_in_the_trail(entry):
    assert (entry.source, entry.proof) == ("customer", "REC-20261120-7")
    (trail,) = history_of(entry)
    assert (trail.detail["source"], trail.detail["proof"]) == ("customer", "REC-20261120-7")


def test_a_change_names_each_field_before_and_after(mia, entry):
    later = TODAY + timedelta(days=40)
    changed = change(mia, entry, ends_on=later, proof="LETTER-1")
    assert (changed.ends_on, changed.proof) == (later, "LETTER-1")
    newest = history_of(entry)[0]
    assert newest.action == "customer.list_change"
    assert newest.detail["changes"] == {
        "ends_on": [str(TODAY + timedelta(days=20)), str(later)], "proof": ["REC-20261120-7", "LETTER-1"],
    }  # fmt: skip
    change(mia, changed)
    assert history_of(entry).count() == 2


def test_an_entry_ends_by_its_date_and_stays_as_history(mia, line, entry):
    assert entry in ListEntry.objects.in_force(on=TODAY + timedelta(days=20))
    assert entry not in ListEntry.objects.in_force(on=TODAY + timedelta(days=21))
    end_list_entry(actor=mia, entry=entry, on=TODAY, reason="changed his mind")
    ended = ListEntry.objects.get(pk=entry.pk)
    assert (ended.ended_by, ended.end_reason, ended.ends_on) == (mia, "changed his mind", TODAY - timedelta(days=1))
    line.profile.refresh_from_db()
    assert line.profile.do_not_disturb is False
    with pytest.raises(Conflict) as error:
        change(mia, ended, proof="X")
    assert error.value.code == "ended"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"reason": " "}, "reason"), ({"ends_on": TODAY - timedelta(days=1)}, "ends_on")],
)
def test_a_change_without_reason_or_into_the_past_is_refused_by_field(mia, entry, given, field):
    with pytest.raises(Invalid) as error:
        change(mia, entry, **given)
    assert error.value.details[0]["field"] == field


def test_an_agent_does_not_change_what_is_not_his(ana, lin, mia, line, entry):
    assert change(ana, entry, proof="by Ana").proof == "by Ana"
    with pytest.raises(Refused):
        change(lin, entry, proof="x")
    black = add_to_list(
        actor=mia, customer=line.account.customer, kind="blacklist", reason="r", starts_on=TODAY, now=NOW
    )
    with pytest.raises(Refused):
        change(ana, black, proof="x")


def test_expiring_soon_is_a_filter_and_a_number_that_opens_it(manager, line, entry):
    make_list_entry(customer=line.account.customer, channel="sms", ends_on=TODAY + timedelta(days=31))
    make_list_entry(customer=line.account.customer, channel="email", ends_on=TODAY - timedelta(days=1))
    kinds = manager.get("/administration/lists/").context["kinds"]
    numbers = {row.record.kind.value: (row.record.entries, row.record.expiring) for row in kinds.rows}
    assert numbers["do_not_disturb"] == (2, 1)
    found = manager.get(f"{ENTRIES}?kind=do_not_disturb&expiring=on").context["table"]
    assert [row.record.pk for row in found.rows] == [entry.pk]
    past = manager.get(f"{ENTRIES}?past=on").context["table"]
    assert past.paginator.count == 3
    assert manager.get(f"{ENTRIES}?source=customer").context["table"].paginator.count == 1


def test_the_page_of_an_entry_changes_and_ends_it_and_says_who(manager, entry):
    page = f"{ENTRIES}{entry.pk}/"
    assert "REC-20261120-7" in manager.get(page).text
    sent = {"ends_on": "2027-01-31", "reason": "asked twice", "proof": "REC-8"}
    assert manager.post(page, sent).status_code == 302
    assert manager.post(page, sent | {"reason": ""}).status_code == 422
    past = manager.post(page, sent | {"ends_on": "2026-11-01"})
    assert past.status_code == 422
    assert "ends_on" in past.context["form"].errors
    assert manager.post(f"{page}end/", {}).status_code == 422
    assert manager.post(f"{page}end/", {"reason": "he called"}, follow=True).status_code == 200
    text = manager.get(page).text
    assert "asked → asked twice" in text
    assert "Ended: he called" in text
    assert manager.post(page, sent).status_code == 409


def test_an_entry_of_another_branch_is_not_there(client, branches, entry):
    client.force_login(make_user(role="manager", branch=branches.other))
    assert client.get(f"{ENTRIES}{entry.pk}/").status_code == 404
    assert client.post(f"{ENTRIES}{entry.pk}/end/", {"reason": "x"}).status_code == 404


def test_an_export_of_entries_is_audited(manager, entry):
    manager.get(f"{ENTRIES}?export=csv")
    trail = AuditEntry.objects.get(action="export")
    assert (trail.target, trail.detail["rows"]) == ("list-entries", 1)
