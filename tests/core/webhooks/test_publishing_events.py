import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.declarations import WARNING_RAISED
from retention.core.webhooks.models import Delivery, OutboxEvent
from retention.core.webhooks.services import publishing
from retention.core.webhooks.services.publishing import has_listeners, publish, publish_many, publish_query
from tests.core.webhooks.hooks import make_api_client, make_hook, tell
from tests.factories import NOW
from workorders.declarations import ORDER_CLOSED


def test_an_event_gets_a_delivery_for_each_webhook_that_wants_it(db):
    wants, also, not_this = make_hook(), make_hook(events=[ORDER_CLOSED]), make_hook(events=[WARNING_RAISED])
    tell("S1", 1)
    told = Delivery.objects.values_list("webhook", "state", "subject")
    assert sorted(told) == sorted([(hook.webhook.pk, "pending", "S1") for hook in (wants, also)])
    assert not_this.webhook.deliveries.count() == 0
    assert OutboxEvent.objects.get().payload == {"n": 1}


def test_nothing_is_written_when_nobody_listens(db):
    make_hook(events=[WARNING_RAISED])
    make_hook(client=make_api_client(revoked_at=NOW))
    tell("S1", 1)
    assert (OutboxEvent.objects.count(), Delivery.objects.count()) == (0, 0)
    assert (has_listeners(ORDER_CLOSED), has_listeners(WARNING_RAISED)) == (False, True)


def test_a_paused_webhook_goes_on_collecting(db):
    hook = make_hook(active=False)
    tell("S1", 1)
    assert hook.webhook.deliveries.count() == 1


def test_a_client_of_a_branch_is_told_of_its_branch_only(branches):
    hooks = {
        name: make_hook(client=make_api_client(branch=branch)).webhook
        for name, branch in (("all", None), ("city", branches.city), ("outlet", branches.outlet))
    }
    tell("S1", 1, branch_id=branches.district.pk)
    tell("S2", 2, branch_id=branches.other.pk)
    tell("S3", 3, branch_id=None)
    seen = {
        name: list(hook.deliveries.order_by("pk").values_list("subject", flat=True)) for name, hook in hooks.items()
    }
    assert seen == {"all": ["S1", "S2", "S3"], "city": ["S1"], "outlet": []}


def test_the_event_goes_down_with_the_deed(db):
    make_hook()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell("S1", 1)
        raise ZeroDivisionError
    assert OutboxEvent.objects.count() == 0


def test_thousands_are_told_in_one_statement_in_their_order(db):
    hook = make_hook().webhook
    make_hook()
    rows = [(f"S{n % 7}", {"n": n, "name": '维系 " \\'}, None) for n in range(5000)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert publish_many(event=ORDER_CLOSED, rows=rows, now=NOW) == 10_000
    assert sum("INSERT" in query["sql"] for query in queries) == 1
    told = list(hook.deliveries.order_by("pk").values_list("subject", "event__payload__n", "event__payload__name"))
    assert told == [(f"S{n % 7}", n, '维系 " \\') for n in range(5000)]


def test_a_query_is_not_run_when_nobody_listens(db):
    query = """
        SELECT 'S' AS subject, to_jsonb(1 / (n - %(one)s)) AS payload, NULL::bigint AS branch_id
        FROM generate_series(1, 2) n
    """
    assert publish_query(event=ORDER_CLOSED, query=query, params={"one": 1}, now=NOW) == 0
    make_hook()
    with pytest.raises(DataError):
        publish_query(event=ORDER_CLOSED, query=query, params={"one": 1}, now=NOW)


def test_an_unknown_event_is_a_mistake_of_ours(db):
    with pytest.raises(ValueError, match="order.opened"):
        publish(event="order.opened", subject="S1", payload={}, branch_id=None, now=NOW)


def test_one_hint_for_a_transaction_and_none_when_nobody_is_told(db, monkeypatch, django_capture_on_commit_callbacks):
    hints = []
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda app, name, **options: hints.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        tell("S1", 1)
    make_hook()
    with django_capture_on_commit_callbacks(execute=True):
        tell("S1", 1, 2, 3)
    assert hints == [publishing.DELIVER_TASK]


def test_a_lost_broker_does_not_undo_the_deed(db, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(app, name, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    make_hook()
    with django_capture_on_commit_callbacks(execute=True):
        tell("S1", 1)
    assert OutboxEvent.objects.count() == 1
