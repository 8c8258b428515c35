"""The batches that billing has sent, as people see them."""

import pytest
from django.urls import reverse

from customers.batches.models import IngestBatch
from customers.batches.services.loading import load_queued
from customers.facts.models import Plan
from retention.core.audit.models import AuditEntry
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
