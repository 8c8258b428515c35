"""A database that was restored sends nothing and opens no order until `apply_suppressions` has run."""

import pytest
from django.core.management import CommandError, call_command

from analytics.warnings.services.deliveries import send_mails
from campaigns.outreach import ContactRequest, may_call_now, reserve
from campaigns.outreach.models import ContactPurpose, RefusalReason
from customers.contacts.models import ContactRecord
from customers.lists.models import ListEntry
from retention import pipeline, tasks
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.errors import Unavailable
from retention.core.jobs.models import Job
from retention.core.notices.services.mailing import mail_due
from retention.core.restores.models import KnownCluster
from retention.core.restores.queries import is_restored
from retention.core.restores.services import allow_sending
from retention.core.webhooks.services.relay import deliver_due
from tests.core.webhooks.hooks import make_hook, states, tell
from tests.factories import NOW, make_subscriber
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def restored(db):
    """The base backup of another timeline of this cluster."""
    allow_sending(now=NOW)
    known = KnownCluster.objects.get()
    identifier, timeline = known.identity.split(":")
    known.identity = f"{identifier}:{int(timeline, 16) - 1:08X}"
    known.save()


def request_call(line) -> ContactRequest:
    return ContactRequest(
        line.account.customer_id, line.pk, ListEntry.Channel.CALL, ContactPurpose.RETENTION, "test", "W1"
    )


def call_reason(line) -> RefusalReason | None:
    return may_call_now(
        customer_id=line.account.customer_id, subscriber_id=line.pk, now=NOW, purpose=ContactPurpose.RETENTION
    )


def test_a_server_that_was_not_restored_sends(db):
    assert not is_restored()
    allow_sending(now=NOW)
    assert not is_restored()


def test_another_timeline_and_another_cluster_are_restores(restored):
    assert is_restored()
    allow_sending(now=NOW)
    assert not is_restored()
    KnownCluster.objects.update(identity="7000000000000000001:00000001")
    assert is_restored()
    KnownCluster.objects.all().delete()
    assert is_restored()


def test_webhooks_wait_and_are_sent_afterwards(restored):
    receiver = Receiver()
    try:
        hook = make_hook(url=receiver.url)
        tell("A", 1)
        assert deliver_due(now=NOW) == {}
        assert (receiver.received, states(hook.webhook)) == ([], ["pending"])
        allow_sending(now=NOW)
        assert deliver_due(now=NOW)["delivered"] == 1
    finally:
        receiver.down()


def test_no_mail_is_looked_for(restored, settings, django_assert_num_queries):
    settings.EMAIL_HOST = "mail.example"
    for send in (mail_due, send_mails):
        with django_assert_num_queries(1):
            assert send(now=NOW) == 0


def test_the_gate_decides_nothing_and_writes_nothing(restored):
    line = make_subscriber()
    with pytest.raises(Unavailable) as refused:
        reserve(requests=[request_call(line)], now=NOW)
    assert refused.value.code == "restored"
    assert not ContactRecord.objects.exists()
    assert call_reason(line) == RefusalReason.RESTORED
    allow_sending(now=NOW)
    assert call_reason(line) is None
    assert reserve(requests=[request_call(line)], now=NOW)[0].allowed


def test_nights_and_events_wait(restored, monkeypatch):
    ran = []
    monkeypatch.setattr(tasks, "react_to_events", lambda now: ran.append("events"))
    monkeypatch.setattr(pipeline, "run_nightly", lambda as_of: ran.append("night"))
    with clock.freeze(NOW):
        tasks.react()
        tasks.ensure_nightly()
        assert ran == []
        assert not Job.objects.exists()
        allow_sending(now=NOW)
        tasks.react()
        tasks.ensure_nightly()
    assert ran == ["events", "night"]


def test_where_nothing_is_newer_the_reason_is_audited(restored):
    with pytest.raises(CommandError):
        call_command("apply_suppressions", nothing_newer=" ")
    assert is_restored()
    call_command("apply_suppressions", nothing_newer="failover, synchronous standby")
    assert not is_restored()
    entry = AuditEntry.objects.filter(action="restore.finish").first()
    assert entry.detail == {"reason": "failover, synchronous standby"}
