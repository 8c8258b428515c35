"""Profile and snapshot in chunks: broken off, shared by two processes, and never half of one date taken as whole."""

import threading
import time
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from customers.facts.models import PastValue, Plan, Subscriber
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.queries.windows import profile_windows
from customers.profile.services import build, build_profile, build_snapshot, snapshots, take_snapshot
from retention.core.jobs.chunks import join_open_runs
from retention.core.jobs.models import ChunkedRun
from tests import factories as make

AS_OF, NEXT_DAY = date(2026, 10, 31), date(2026, 11, 1)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(build, "BLOCK_SIZE", 2)


@pytest.fixture
def lines(small_blocks) -> list[Subscriber]:
    return [make.make_subscriber() for _ in range(6)]


class Broken(Exception):
    pass


def break_off(monkeypatch, module, function: str, *, after: int, meanwhile=lambda: None) -> None:
    """The function of a chunk fails once it has done `after` chunks."""
    whole, done = getattr(module, function), []

    def until_then(*args: object):
        if len(done) == after:
            meanwhile()
            raise Broken
        done.append(1)
        return whole(*args)

    monkeypatch.setattr(module, function, until_then)


def profiles() -> list[tuple]:
    return list(SubscriberProfile.objects.order_by("pk").values_list())


@pytest.mark.django_db
def test_a_build_that_broke_off_goes_on_with_the_blocks_that_are_left(lines, monkeypatch):
    with monkeypatch.context() as patch:
        break_off(patch, build, "_build_block", after=2)
        with pytest.raises(Broken):
            build_profile(as_of=AS_OF)
    assert SubscriberProfile.objects.count() == 4

    assert build_profile(as_of=AS_OF) == 6
    assert SubscriberProfile.objects.filter(as_of=AS_OF).count() == 6
    assert build_profile(as_of=AS_OF) == 0


@pytest.mark.django_db
def test_a_forced_build_that_broke_off_is_forced_to_its_end(lines, monkeypatch):
    build_profile(as_of=AS_OF)
    SubscriberProfile.objects.update(tenure_days=-1)
    with monkeypatch.context() as patch:
        break_off(patch, build, "_build_block", after=1)
        with pytest.raises(Broken):
            build_profile(as_of=AS_OF, force=True)
    assert build_profile(as_of=AS_OF, force=True) == 6
    assert not SubscriberProfile.objects.filter(tenure_days=-1).exists()


@pytest.mark.django_db
def test_the_next_night_gives_up_a_build_that_never_ended(lines, monkeypatch):
    with monkeypatch.context() as patch:
        break_off(patch, build, "_build_block", after=1)
        with pytest.raises(Broken):
            build_profile(as_of=AS_OF)
    assert build_profile(as_of=NEXT_DAY) == 6
    assert join_open_runs() == 0
    assert set(SubscriberProfile.objects.values_list("as_of", flat=True)) == {NEXT_DAY}


def in_two(work) -> None:
    """Run the work while another session joins whatever is open."""
    stop = threading.Event()

    def help_out() -> None:
        try:
            while not stop.is_set():
                join_open_runs()
                time.sleep(0.01)
        finally:
            connection.close()

    helper = threading.Thread(target=help_out)
    helper.start()
    try:
        work()
    finally:
        stop.set()
        helper.join(30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_past", [False, True])
def test_two_processes_build_what_one_builds(monkeypatch, is_past):
    """Both have the places of the night; a past date is past for both."""
    monkeypatch.setattr(build, "BLOCK_SIZE", 60)
    call_command("simulate", subscribers=300, days=200, daily_days=31, until=AS_OF, seed=5, verbosity=0)
    if is_past:
        line, plan = Subscriber.objects.latest("pk"), Plan.objects.order_by("pk").first()
        later = profile_windows(AS_OF).until + timedelta(days=3)
        PastValue.objects.create(table="customers_subscriber", row=line.pk, column="plan_id", was=plan.pk, until=later)
    build_profile(as_of=AS_OF)
    alone = profiles()
    SubscriberProfile.objects.all().delete()

    whole, by_thread, meeting = build._build_block, {}, threading.Barrier(2, timeout=30)

    def met(*args: object):
        me = threading.get_ident()
        if me not in by_thread:
            by_thread[me] = []
            meeting.wait()
        by_thread[me].append(args[-1].low)
        return whole(*args)

    monkeypatch.setattr(build, "_build_block", met)
    in_two(lambda: build_profile(as_of=AS_OF))

    assert len(by_thread) == 2
    assert len(alone) > 200
    assert profiles() == alone
    assert any(row is not None for row in SubscriberProfile.objects.values_list("district_dropped_rate", flat=True))


@pytest.mark.django_db
def test_half_a_snapshot_is_completed_or_taken_back(lines, monkeypatch):
    build_profile(as_of=AS_OF)
    with monkeypatch.context() as patch:
        break_off(patch, snapshots, "_copy_block", after=1)
        with pytest.raises(Broken):
            take_snapshot(as_of=AS_OF)
    assert ProfileSnapshot.objects.filter(as_of=AS_OF).count() == 2

    assert take_snapshot(as_of=AS_OF) == 6
    assert take_snapshot(as_of=AS_OF) == 0
    assert ProfileSnapshot.objects.filter(as_of=AS_OF).count() == 6


@pytest.mark.django_db
def test_half_a_snapshot_of_a_profile_that_is_gone_is_built_from_the_facts(lines, monkeypatch):
    build_profile(as_of=AS_OF)
    with monkeypatch.context() as patch:
        break_off(patch, snapshots, "_copy_block", after=1)
        with pytest.raises(Broken):
            take_snapshot(as_of=AS_OF)
    build_profile(as_of=NEXT_DAY)

    assert join_open_runs() == 1
    assert ChunkedRun.objects.filter(kind="snapshot", finished_at=None).exists()
    assert build_snapshot(as_of=AS_OF) == 6
    assert not ChunkedRun.objects.filter(kind="snapshot").exists()


@pytest.mark.django_db
def test_a_snapshot_that_stood_is_not_taken_back_with_a_later_run(lines, monkeypatch):
    build_profile(as_of=AS_OF)
    assert take_snapshot(as_of=AS_OF) == 6
    with monkeypatch.context() as patch:
        break_off(patch, snapshots, "_copy_block", after=1)
        with pytest.raises(Broken):
            take_snapshot(as_of=AS_OF)
    build_profile(as_of=NEXT_DAY)

    assert take_snapshot(as_of=AS_OF) == 0
    assert ProfileSnapshot.objects.filter(as_of=AS_OF).count() == 6
    assert not ChunkedRun.objects.filter(kind="snapshot", finished_at=None).exists()
