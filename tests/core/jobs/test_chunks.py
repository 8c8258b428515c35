"""Chunked work: shared, resumed after any failure, given up for a later run, and finished once."""

import threading
from datetime import date
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils.module_loading import import_string

from retention.core.errors import Conflict
from retention.core.jobs import chunks
from retention.core.jobs.chunks import ChunkedWork, Done, GivenUp, join_open_runs, run_in_chunks
from retention.core.jobs.models import Chunk, ChunkedRun

DAY, NEXT_DAY = date(2026, 11, 20), date(2026, 11, 21)
RANGES = [(1, 10), (11, 20), (21, 25)]


class Toy:
    """A work of two rounds that notes what is asked of it; `fails_at` is the low end of a chunk that fails."""

    def __init__(self) -> None:
        self.done: list[tuple[int, int]] = []
        self.calls: list[str] = []
        self.fails_at = 0
        self.work = ChunkedWork(
            rounds=[partial(self.begin, 0), partial(self.begin, 1)],
            prepare=lambda run: self.calls.append("prepare") or {"day": run.as_of},
            finish=lambda run: self.calls.append("finish"),
            give_up=lambda run: self.calls.append(f"give up {run.as_of:%d} of {run.chunks.count()}"),
        )

    def begin(self, place: int, run: ChunkedRun):
        assert run.shared == {"day": str(run.as_of)}
        self.calls.append(f"begin {place}")
        return partial(self.do, place)

    def do(self, place: int, chunk: Chunk) -> Done:
        if chunk.low == self.fails_at:
            raise Conflict("not this one")
        self.done.append((place, chunk.low))
        return Done(rows=chunk.high - chunk.low + 1, result={"place": place})


@pytest.fixture
def toy(monkeypatch) -> Toy:
    made = Toy()
    monkeypatch.setitem(chunks.CHUNKED_WORK, "toy", "toy")
    monkeypatch.setattr(chunks, "import_string", lambda path: made.work)
    monkeypatch.setattr(chunks, "wake_worker", lambda task: made.calls.append("wake"))
    monkeypatch.setattr(chunks, "WAIT_SECONDS", 0.01)
    return made


def run_toy(as_of: date = DAY, key: str = "", ranges=RANGES) -> ChunkedRun:
    return run_in_chunks(kind="toy", as_of=as_of, key=key, ranges=ranges)


def test_every_declared_kind_is_a_work():
    assert all(isinstance(import_string(path), ChunkedWork) for path in chunks.CHUNKED_WORK.values())


@pytest.mark.django_db
def test_rounds_follow_one_another_and_results_stay(toy):
    run = run_toy()

    assert toy.done == [(0, 1), (0, 11), (0, 21), (1, 1), (1, 11), (1, 21)]
    assert toy.calls == ["prepare", "wake", "begin 0", "wake", "begin 1", "finish"]
    assert run.finished_at
    assert run.rows == 25
    assert list(run.chunks.filter(round=1).values_list("result", flat=True)) == [{"place": 1}] * 3
    assert ChunkedRun.objects.newest_finished(kind="toy", as_of=DAY) == run
    assert ChunkedRun.objects.newest_finished(kind="toy") == run
    assert ChunkedRun.objects.newest_finished(kind="toy", as_of=NEXT_DAY) is None


@pytest.mark.django_db
def test_a_run_that_failed_goes_on_where_it_stopped(toy):
    toy.fails_at = 11
    with pytest.raises(Conflict):
        run_toy()
    toy.fails_at = 0
    run = run_toy(ranges=[(1, 1)])

    assert toy.done == [(0, 1), (0, 11), (0, 21), (1, 1), (1, 11), (1, 21)]
    assert toy.calls.count("prepare") == toy.calls.count("finish") == 1
    assert ChunkedRun.objects.get() == run


@pytest.mark.django_db
def test_a_second_run_takes_the_place_of_the_finished_one(toy):
    first, second = run_toy(), run_toy()

    assert first.pk != second.pk
    assert ChunkedRun.objects.get() == second
    assert len(toy.done) == 12


@pytest.mark.django_db
def test_nothing_to_do_is_nothing_done(toy):
    assert run_toy(ranges=[]).rows == 0
    assert toy.calls == ["finish"]


@pytest.mark.django_db
@pytest.mark.parametrize(("as_of", "key"), [(NEXT_DAY, ""), (DAY, "another version")])
def test_an_open_run_of_another_date_or_key_is_given_up(toy, as_of, key):
    toy.fails_at = 11
    with pytest.raises(Conflict):
        run_toy()
    toy.fails_at = 0
    run = run_toy(as_of, key)

    assert "give up 20 of 0" in toy.calls
    assert ChunkedRun.objects.get() == run


@pytest.mark.django_db
def test_who_works_on_a_run_that_is_given_up_hears_of_it(toy, monkeypatch):
    whole = Chunk.save

    def given_up_then(chunk: Chunk, **options: object) -> None:
        whole(chunk, **options)
        if (chunk.round, chunk.low) == (0, 11):
            ChunkedRun.objects.filter(pk=chunk.run_id).delete()

    monkeypatch.setattr(Chunk, "save", given_up_then)
    with pytest.raises(GivenUp, match="toy 2026-11-20"):
        run_toy()
    assert toy.done == [(0, 1), (0, 11)]
    assert "finish" not in toy.calls


@pytest.mark.django_db
def test_join_finishes_what_a_dead_process_left_and_passes_over_what_fails(toy):
    toy.fails_at = 11
    with pytest.raises(Conflict):
        run_toy()
    assert join_open_runs() == 1
    toy.fails_at = 0
    assert join_open_runs() == 1
    assert ChunkedRun.objects.get().finished_at
    assert join_open_runs() == 0


@pytest.mark.django_db
def test_join_leaves_alone_what_this_release_does_not_know(toy):
    ChunkedRun.objects.create(kind="of the next release", as_of=DAY, started_at="2026-11-20T00:00Z")
    assert join_open_runs() == 0


@pytest.mark.django_db
def test_the_command_helps_until_nothing_is_left(toy, capsys):
    toy.fails_at = 21
    with pytest.raises(Conflict):
        run_toy()
    toy.fails_at = 0
    call_command("join_work", idle=0)
    assert capsys.readouterr().out == "Helped with 1 runs.\n"
    assert ChunkedRun.objects.get().finished_at


@pytest.mark.django_db(transaction=True)
def test_processes_that_join_share_the_chunks_and_only_one_prepares_and_finishes(toy):
    """Each holds its first chunk until the other has one, too."""
    together, by_thread, whole = threading.Barrier(2, timeout=30), {}, toy.do

    def met(place: int, chunk: Chunk) -> Done:
        mine = by_thread.setdefault(threading.get_ident(), [])
        if not mine:
            together.wait()
        mine.append((place, chunk.low))
        return whole(place, chunk)

    toy.do = met

    def help_out() -> None:
        try:
            while not join_open_runs():
                pass
        finally:
            connection.close()

    helper = threading.Thread(target=help_out)
    helper.start()
    run = run_toy()
    helper.join(30)

    assert len(by_thread) == 2
    assert sorted(sum(by_thread.values(), [])) == sorted((place, low) for place in (0, 1) for low, _high in RANGES)
    assert run.finished_at
    assert toy.calls.count("prepare") == toy.calls.count("finish") == 1
