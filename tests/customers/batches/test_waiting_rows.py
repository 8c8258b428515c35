"""What waits is visible: to the client that sent it, on the batch's page, and to managers when it waits too long."""

from datetime import timedelta

import pytest
from django.urls import reverse

from customers.batches.services.pending_references import judge_waiting_rows
from customers.ingest.models import QuarantinedRow
from customers.ingest.services.pending_references import land_pending
from retention.core import clock
from retention.core.alerts.models import Alert
from retention.core.notices.models import Notice
from tests.customers.batches.batch_bodies import loaded, send, usage
from tests.factories import make_subscriber, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def counts(batch):
    return {name: batch[name] for name in ("applied", "unchanged", "waiting", "rejected")}


def errors(caller, batch, query=""):
    return caller.get(f"batches/{batch['id']}/errors{query}").json()["results"]


@pytest.fixture
def waiting(caller):
    """A batch with a row that landed, one that is bad and three that wait for two lines."""
    line = make_subscriber()
    rows = [usage(line.subscriber_no, f"2026-10-{day:02}") for day in range(1, 10)]
    rows += [usage("NEW"), usage("NEW", "2026-10-30"), usage("OTHER"), usage("X", "2026-02-30")]
    return loaded(caller, send(caller, "usage-days", rows))


def test_errors_list_bad_and_waiting_rows_with_what_they_wait_for_and_since_when(caller, waiting):
    assert counts(waiting) == {"applied": 9, "unchanged": 0, "waiting": 3, "rejected": 1}
    found = errors(caller, waiting)
    assert sorted((row["row"], row["code"], row["state"]) for row in found) == [
        (10, "unknown_reference", "waiting"), (11, "unknown_reference", "waiting"),
        (12, "unknown_reference", "waiting"), (13, "no_such_date", "rejected"),
    ]  # fmt: skip
    [other] = [row for row in found if row["row"] == 12]
    assert (other["field"], other["value"]) == ("subscriber_no", "OTHER")
    assert other["waits_for"] == {"resource": "subscribers", "key": "OTHER"}
    assert other["since"] >= waiting["created_at"]
    [bad] = errors(caller, waiting, "?state=rejected")
    assert (bad["row"], bad["waits_for"]) == (13, None)
    assert len(errors(caller, waiting, "?state=waiting")) == 3
    assert caller.get(f"batches/{waiting['id']}/errors?state=odd").status_code == 422


def test_a_row_that_turns_out_bad_moves_from_waiting_to_rejected(caller, waiting):
    QuarantinedRow.objects.filter(row_no=12).update(raw=usage("OTHER", voice_out_s="many"))
    make_subscriber(subscriber_no="OTHER")
    make_subscriber(subscriber_no="NEW")
    caller.put("usage-days/OTHER~2026-10-02", usage("OTHER", "2026-10-02"))
    land_pending(now=clock.now())
    found = caller.get(f"batches/{waiting['id']}").json()
    assert counts(found) == {"applied": 11, "unchanged": 0, "waiting": 0, "rejected": 2}
    assert {row["row"] for row in errors(caller, waiting)} == {12, 13}


def test_since_when_a_row_waits_is_kept_when_it_goes_on_waiting_for_something_else(caller):
    contract = {
        "contract_no": "K", "subscriber_no": "NEW", "policy_code": "Y", "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }  # fmt: skip
    batch = loaded(caller, send(caller, "contracts", [contract]))
    before = clock.now() - 3 * DAY
    QuarantinedRow.objects.update(created_at=before)
    make_subscriber(subscriber_no="NEW")
    caller.put("groups/G", {"name": "g", "kind": "family"})
    land_pending(now=clock.now())
    row = QuarantinedRow.objects.get()
    assert (row.waits_for, row.created_at) == ("policies", before)
    assert caller.get(f"batches/{batch['id']}").json()["waiting"] == 1


def test_a_long_value_of_a_row_that_waited_lands_whole(caller):
    event = {
        "event_no": "E1", "subscriber_no": "NEW", "at": "2026-11-01T09:00:00+08:00", "kind": "stop",
        "detail": {"text": "x" * 9_000},
    }  # fmt: skip
    loaded(caller, send(caller, "status-events", [event]))
    line = make_subscriber(subscriber_no="NEW")
    caller.put("status-events/E2", event | {"event_no": "E2"})
    land_pending(now=clock.now())
    assert line.status_events.get(event_no="E1").detail == {"text": "x" * 9_000}


def branch(code, parent):
    return {"code": code, "name": code, "level": "city", "parent_code": parent}


def test_rows_that_wait_for_each_other_are_told_and_land_when_one_is_corrected(caller, client):
    first = loaded(caller, send(caller, "branches", [branch("A", "B")], key="1"))
    second = loaded(caller, send(caller, "branches", [branch("B", "A"), branch("C", "A")], key="2"))
    assert (first["waiting"], second["waiting"]) == (1, 2)
    [of_first], of_second = errors(caller, first), errors(caller, second)
    assert of_first["code"] == "circular_reference"
    assert of_first["message"] == "Row 1: parent_code is 'B', which waits for this row itself (A → B → A)."
    assert [row["code"] for row in of_second] == ["circular_reference", "unknown_reference"]
    client.force_login(make_user(role="administrator"))
    page = client.get(reverse("batches:batch", args=[first["id"]])).content.decode()
    assert "They wait for each other: send one of them corrected." in page
    loaded(caller, send(caller, "branches", [branch("A", None)], key="3"))
    assert not QuarantinedRow.objects.exists()
    assert caller.get(f"batches/{second['id']}").json()["applied"] == 2
    assert caller.get(f"batches/{first['id']}").json()["unchanged"] == 1


def test_a_manager_sees_on_the_batch_what_its_rows_wait_for_but_not_the_rows(client, waiting):
    client.force_login(make_user(role="manager"))
    seen = client.get(reverse("batches:batch", args=[waiting["id"]])).content.decode()
    assert "OTHER" in seen and "They land by themselves when it comes." in seen
    assert "which is not known yet" not in seen


def test_what_waits_for_more_than_a_day_is_on_the_home_page_and_in_a_list(client, waiting):
    client.force_login(make_user(role="manager"))
    assert "has waited for more than a day" not in client.get("/").content.decode()
    QuarantinedRow.objects.filter(waits_key="OTHER").update(created_at=clock.now() - 2 * DAY)
    assert "1 row from billing has waited for more than a day" in client.get("/").content.decode()
    groups = client.get(reverse("batches:waiting")).content.decode()
    assert "NEW" in groups and "OTHER" in groups
    late = client.get(f"{reverse('batches:waiting')}?waited=day").content.decode()
    assert "NEW" not in late and "OTHER" in late
    assert "3 rows wait for something they refer to." in client.get(reverse("batches:list")).content.decode()


def test_rows_that_wait_too_long_raise_one_alert_which_closes_when_they_are_gone(client, waiting):
    manager = make_user(role="manager")
    now = clock.now()
    assert judge_waiting_rows(now=now).opened == []
    [alert] = judge_waiting_rows(now=now + 2 * DAY).opened
    assert (alert.subject, alert.value) == ("usage-days", 3)
    assert alert.sentence.startswith("Usage by day: 3 rows have waited for more than a day, the oldest since ")
    assert judge_waiting_rows(now=now + 2 * DAY + timedelta(hours=1)).opened == []
    assert Notice.objects.filter(person=manager).count() == 1
    client.force_login(manager)
    assert alert.sentence in client.get(reverse("batches:waiting")).content.decode()
    QuarantinedRow.objects.filter(state="waiting").delete()
    assert len(judge_waiting_rows(now=now + 3 * DAY).closed) == 1
    assert not Alert.objects.open().exists()
