"""The batches that billing has sent, as people see them."""

import pytest
from django.urls import reverse

from customers.batches.models import IngestBatch
from customers.batches.services.loading import load_queued
from customers.facts.models import Plan
from retention.core.audit.models import AuditEntry
from retention.core.exports.models import ListExport
from retention.core.exports.services import run_export
from tests.api import make_client
from tests.customers.batches.batch_bodies import plan, send
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    send(make_client(), "plans", [plan("A"), plan("B", monthly_fee="x")])
    load_queued()
    return IngestBatch.objects.get()


def page(client, role, path):
    client.force_login(make_user(role=role))
    return client.get(path).content.decode()


def test_the_list_filters_by_state_and_links_to_each_batch(client, held):
    path = reverse("batches:list")
    assert reverse("batches:batch", args=[held.number]) in page(client, "manager", path)
    assert str(held.number) not in page(client, "manager", f"{path}?state=loaded")


def test_rows_are_shown_to_those_who_may_settle_only(client, held):
    path = reverse("batches:batch", args=[held.number])
    assert "Monthly fee is" not in page(client, "manager", path)
    assert "Release" not in page(client, "manager", path)
    seen = page(client, "administrator", path)
    assert "Monthly fee is" in seen
    assert "Release" in seen


@pytest.mark.parametrize(("decision", "state", "landed"), [("release", "queued", True), ("discard", "failed", False)])
def test_a_person_decides_about_a_held_batch(client, held, decision, state, landed):
    client.force_login(make_user(role="administrator"))
    answer = client.post(reverse("batches:settle", args=[held.number]), {"decision": decision})
    assert answer.status_code == 302
    held.refresh_from_db()
    assert held.state == state
    load_queued()
    assert Plan.objects.filter(code="A").exists() == landed
    assert AuditEntry.objects.filter(action="batch.settle").exists()


def test_rejected_rows_are_a_list_with_filters_order_and_files(client, held):
    send(make_client(name="other"), "plans", [plan("C", monthly_fee="y"), plan("D", name=""), plan("E")])
    load_queued()
    path = reverse("batches:batch", args=[IngestBatch.objects.order_by("-pk").first().number])
    client.force_login(make_user(role="administrator"))
    assert [row.record.row_no for row in client.get(f"{path}?sort=-row_no").context["table"].paginated_rows] == [2, 1]
    fees = client.get(f"{path}?field=monthly_fee")
    assert [row.record.row_no for row in fees.context["table"].paginated_rows] == [1]
    assert 'href="?field=name' in fees.text
    lines = b"".join(client.get(f"{path}?field=name&export=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("2,Rejected,")
    assert AuditEntry.objects.get(action="export").detail["filters"]["field"] == "name"


def test_rejected_rows_leave_in_no_file_of_those_who_do_not_see_them(client, held):
    client.force_login(make_user(role="manager"))
    path = reverse("batches:batch", args=[held.number])
    assert client.get(f"{path}?export=csv").status_code == 403
    assert "bad-rows" not in client.get(f"{path}?field=monthly_fee").text


def test_a_large_list_of_rejected_rows_is_exported_in_the_background(client, held, monkeypatch):
    monkeypatch.setattr("retention.core.ui.tables.exports.INLINE_LIMIT", 0)
    client.force_login(make_user(role="administrator"))
    assert client.get(reverse("batches:batch", args=[held.number]) + "?export=csv").status_code == 302
    export = ListExport.objects.get()
    run_export(export=export)
    export.refresh_from_db()
    assert export.rows == 1
