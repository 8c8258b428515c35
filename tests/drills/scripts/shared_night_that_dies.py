"""shared_night_that_dies.py DATE: one night whose chunked steps lose both of their processes, again and again.

For each round of chunked work two child processes work on the same run, one as the night, one joining it. Each kills
itself in a chunk: everything written, nothing committed. Ends with a line of JSON, "rounds": list of {"work", "round",
"ended": ["killed", ...], "done": chunks of the round that were committed by then}. The night is left to be finished.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date

import django

django.setup()

from django.db import connection  # noqa: E402

from analytics.churn.services import scoring  # noqa: E402
from customers.profile.services import build  # noqa: E402
from retention import pipeline  # noqa: E402
from retention.core.errors import Conflict  # noqa: E402
from retention.core.jobs.chunks import join_open_runs  # noqa: E402
from retention.core.jobs.models import Chunk  # noqa: E402

AS_OF = date.fromisoformat(sys.argv[1])
build.BLOCK_SIZE = scoring.LINES_PER_CHUNK = 60
ROUNDS = (("profile", 0), ("score", scoring.RANK_ROUND), ("score", scoring.SCORE_ROUND))
# In which of its chunks each process dies.
NIGHT_DIES_IN, HELPER_DIES_IN = 4, 3


def die_in(kind: str, place: int, count: int) -> None:
    """This process ends itself in its `count`-th chunk of that round."""
    whole, done = Chunk.save, []

    def saved_and_dead(chunk: Chunk, **options: object) -> None:
        whole(chunk, **options)
        if (chunk.run.kind, chunk.round) == (kind, place):
            done.append(chunk.low)
            if len(done) == count:
                os.kill(os.getpid(), signal.SIGKILL)

    Chunk.save = saved_and_dead


def night() -> None:
    while True:
        try:
            pipeline.run_nightly(as_of=AS_OF)
            return
        except Conflict:  # the one before is dead, which the database has not noticed yet
            time.sleep(0.1)


def helper() -> None:
    while True:
        join_open_runs()
        time.sleep(0.01)


def start(work: Callable[[], None], kind: str, place: int, count: int) -> int:
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            die_in(kind, place, count)
            work()
        except BaseException:  # noqa: BLE001  (whatever it was, the parent must not go on as two)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def end_of(child: int) -> str:
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else f"ended with {status}"


report = []
for kind, place in ROUNDS:
    children = [start(helper, kind, place, HELPER_DIES_IN), start(night, kind, place, NIGHT_DIES_IN)]
    ended = [end_of(child) for child in children]
    chunks = Chunk.objects.filter(run__kind=kind, run__finished_at=None, round=place)
    report.append({"work": kind, "round": place, "ended": ended, "done": chunks.exclude(done_at=None).count()})
sys.stdout.write(json.dumps({"rounds": report}) + "\n")
