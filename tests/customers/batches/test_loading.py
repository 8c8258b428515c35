"""Workers and batches: who loads what, in which order, and what a dead worker leaves."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from customers.batches.models import IngestBatch
from customers.batches.services import loading
from customers.batches.services.loading import is_loading, load_queued
from customers.declarations import BATCH_LOCK, FACTS_WRITE
from customers.facts.models import Plan
from retention.core.db.locks import try_lock
from tests.api import make_client
from tests.customers.batches.batch_bodies import elsewhere, plan, send

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_that_a_worker_holds_says_loading_and_is_not_taken_twice(caller):
    number = send(caller, "plans", [plan("A")]).json()["id"]
    batch = IngestBatch.objects.get()
    held, go = threading.Event(), threading.Event()

    @elsewhere
    def hold():
        try_lock(BATCH_LOCK, batch.pk)
        held.set()
        go.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(20)
    try:
        assert is_loading(batch)
        assert caller.get(f"batches/{number}").json()["state"] == "loading"
        assert load_queued() == 0
    finally:
        go.set()
        other.join()
    until = time.monotonic() + 10
    while is_loading(batch):  # its session is going, and the lock with it
        assert time.monotonic() < until
        time.sleep(0.02)
    assert load_queued() == 1
    assert caller.get(f"batches/{number}").json()["state"] == "loaded"


def test_batches_whose_requests_overtook_each_other_load_with_one_worker(caller):
    """Accepted in one order, stored in the other."""
    for number in range(3):
        send(caller, "plans", [plan("A", name=f"take {number}")], key=str(number))
    first, *_between, last = IngestBatch.objects.order_by("pk")
    IngestBatch.objects.filter(pk=first.pk).update(accepted=last.accepted + 1)
    assert load_queued(seconds=20) == 3
    assert Plan.objects.get().name == "take 0"


def test_a_failure_of_the_database_leaves_the_batch_queued(caller, monkeypatch):
    from django.db import OperationalError

    def gone(*given, **named):
        raise OperationalError("the connection is gone")

    send(caller, "plans", [plan("A")])
    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr(loading, "load_checked", gone)
        load_queued()
    batch = IngestBatch.objects.get()
    assert (batch.state, batch.attempts) == (IngestBatch.State.QUEUED, 1)
    assert load_queued() == 1


def test_a_batch_that_ends_every_worker_is_put_aside_with_its_body(caller):
    send(caller, "plans", [plan("A")])
    IngestBatch.objects.update(attempts=loading.MAX_ATTEMPTS)
    load_queued()
    batch = IngestBatch.objects.get()
    assert (batch.state, batch.error) == (IngestBatch.State.FAILED, "It ended its worker 10 times.")
    assert caller.post(f"batches/{batch.number}/release").status_code == 200
    assert load_queued() == 1
    assert Plan.objects.filter(code="A").exists()


def test_later_corrections_win_whichever_worker_is_faster(caller):
    for number in range(12):
        send(caller, "plans", [plan(f"P{place}", name=f"take {number}") for place in range(40)], key=str(number))
    with ThreadPoolExecutor(4) as pool:
        settled = sum(pool.map(elsewhere(lambda _worker: load_queued()), range(4)))
    assert settled == 12
    assert set(Plan.objects.values_list("name", flat=True)) == {"take 11"}


def test_batches_of_two_clients_on_the_same_rows_do_not_deadlock():
    callers = [make_client(FACTS_WRITE) for _client in range(4)]
    for number in range(16):
        rows = [plan(f"P{place}", name=f"take {number}") for place in range(60)]
        send(callers[number % 4], "plans", rows if number % 2 else rows[::-1], key=str(number))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(elsewhere(lambda _worker: load_queued()), range(4)))
    assert set(IngestBatch.objects.values_list("state", flat=True)) == {IngestBatch.State.LOADED}
    assert set(Plan.objects.values_list("name", flat=True)) == {"take 15"}


def test_the_same_key_twice_at_once_makes_one_batch(caller):
    body = [plan(f"P{place}") for place in range(500)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(elsewhere(lambda _turn: send(caller, "plans", body)), range(24)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.content for answer in answers if answer.status_code == 202}) == 1
    assert IngestBatch.objects.count() == 1
