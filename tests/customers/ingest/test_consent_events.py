"""`consent.changed` for the webhooks: of what a load changed, and of nothing else."""

import pytest

from retention.core.webhooks.models import OutboxEvent, Webhook
from tests.core.webhooks.hooks import make_hook
from tests.customers.ingest.rows import make_operator, send

pytestmark = pytest.mark.django_db


def consent(number=1, granted="true", **given):
    at = {"at": "2026-11-19T10:00:00+08:00", "source": "app"}
    what = {"subscriber_no": f"S{number}", "purpose": "marketing", "channel": "sms", "granted": granted}
    return what | at | given


@pytest.fixture
def listened(db):
    make_operator()
    return make_hook(events=["consent.changed"]).webhook


def told(webhook: Webhook) -> list[tuple]:
    rows = [row.event for row in webhook.deliveries.select_related("event").order_by("pk")]
    return [(event.subject, event.payload["channel"], event.payload["granted"]) for event in rows]


def test_new_and_changed_consents_are_told_and_others_not(listened):
    send("consents", [consent(1), consent(2), consent(2, "false", channel="call")])
    assert told(listened) == [("S1", "sms", True), ("S2", "sms", True), ("S2", "call", False)]
    send("consents", [consent(1), consent(2, "false"), consent(2, "false", channel="call", source="shop"), consent(3)])
    assert told(listened)[3:] == [("S2", "sms", False), ("S3", "sms", True)]
    event = listened.deliveries.order_by("pk").last().event
    assert event.payload == {
        "subscriber_no": "S3", "purpose": "marketing", "channel": "sms", "granted": True,
        "at": "2026-11-19T10:00:00+08:00",
    }  # fmt: skip
    assert event.branch_id is not None


def test_an_older_version_and_a_bad_row_are_not_told(listened):
    send("consents", [consent(1, source_version="5")])
    send("consents", [consent(1, "false", source_version="4"), consent(2, "perhaps")])
    assert told(listened) == [("S1", "sms", True)]


def test_a_consent_that_waited_for_its_line_is_told_when_it_lands(listened):
    send("consents", [consent(9)])
    assert told(listened) == []
    from tests.customers.ingest import rows

    send("customers", [rows.customer(9)])
    send("accounts", [rows.account(9)])
    send("subscribers", [rows.subscriber(9)])
    assert told(listened) == [("S9", "sms", True)]


def test_nobody_listens_and_nothing_is_written(db):
    make_operator()
    make_hook(events=["order.closed"])
    send("consents", [consent(1)])
    assert OutboxEvent.objects.count() == 0
