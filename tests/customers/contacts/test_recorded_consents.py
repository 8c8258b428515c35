"""Consents with proof: through the ingest, and as a person of the centre records them."""

import pytest

from customers.contacts.services import record_consent
from customers.facts.models import Consent, Subscriber
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid, Refused
from tests.core.webhooks.hooks import make_hook
from tests.customers.ingest.rows import NOW, make_operator, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    make_operator()
    return Subscriber.objects.get(subscriber_no="S1")


def row(granted="true", at="2026-11-19T10:00:00+08:00", **given):
    what = {"subscriber_no": "S1", "purpose": "marketing", "channel": "sms", "granted": granted}
    return what | {"at": at, "source": "app"} | given


def record(line, actor, granted=False, **given):
    said = {"purpose": "marketing", "channel": "sms", "source": "call", "proof": "", "now": NOW}
    return record_consent(actor=actor, subscriber=line, granted=granted, **said | given)


def stands():
    consent = Consent.objects.get()
    return consent.granted, consent.source, consent.proof, consent.recorded_by_id


def test_billing_sends_the_proof_and_leaving_it_out_keeps_it(line):
    send("consents", [row(proof="REC-77")])
    assert stands() == (True, "app", "REC-77", None)
    send("consents", [row(source="web")])
    assert stands() == (True, "web", "REC-77", None)
    send("consents", [row(source="web", proof="")])
    assert stands() == (True, "web", "", None)
    assert send("consents", [row(proof="x" * 121)]).applied == 0


def test_a_withdrawal_on_the_console_keeps_who_and_when_and_is_published(line, ana):
    send("consents", [row(proof="REC-77")])
    hook = make_hook(events=["consent.changed"]).webhook
    record(line, ana)
    consent = Consent.objects.get()
    assert (consent.granted, consent.at, consent.source, consent.proof, consent.recorded_by) == (
        False, NOW, "call", "", ana,
    )  # fmt: skip
    (event,) = [one.event for one in hook.deliveries.select_related("event")]
    assert (event.subject, event.payload["granted"], event.payload["at"]) == ("S1", False, NOW.isoformat())
    entry = AuditEntry.objects.get(action="customer.consent")
    assert (entry.actor, entry.detail["granted"], entry.detail["source"]) == (ana, False, "call")
    record(line, ana, source="counter")
    assert hook.deliveries.count() == 1


def test_it_stands_until_billing_states_something_said_later(line, ana):
    record(line, ana, proof="CALL-9")
    send("consents", [row(at="2026-11-19T10:00:00+08:00", proof="OLD", source_version="99")])
    assert stands() == (False, "call", "CALL-9", ana.pk)
    send("consents", [row(at="2026-11-20T09:59:59+08:00")])
    assert stands() == (False, "call", "CALL-9", ana.pk)
    send("consents", [row(at="2026-11-20T10:00:01+08:00", proof="NEW", source_version="100")], now=NOW.replace(hour=12))
    assert stands() == (True, "app", "NEW", None)


def test_an_agreement_needs_its_proof_and_a_word_where_it_was_said(line, ana):
    with pytest.raises(Invalid) as problem:
        record(line, ana, granted=True)
    assert problem.value.details[0]["field"] == "proof"
    with pytest.raises(Invalid):
        record(line, ana, source=" ")
    record(line, ana, granted=True, proof="F-1")
    assert stands() == (True, "call", "F-1", ana.pk)


def test_an_analyst_records_none(line, lin):
    with pytest.raises(Refused):
        record(line, lin)
    assert not Consent.objects.exists()
