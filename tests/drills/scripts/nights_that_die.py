"""nights_that_die.py DATE: one night, killed in every step, twice.

For each step a child process runs the night and kills itself in that step: once after the step's first statement that
writes, before it is committed, once when the step's work is done but not yet noted. Ends with a line of JSON, "ended":
[[step, "writing" or "unnoted", "killed" or how the child ended otherwise]]. The night is left to be finished.
"""

import json
import os
import signal
import sys
import traceback
from dataclasses import replace
from datetime import date

import django

django.setup()

from django.db import connection  # noqa: E402

from retention import pipeline  # noqa: E402

AS_OF = date.fromisoformat(sys.argv[1])
WRITING = ("INSERT", "UPDATE", "DELETE", "CREATE", "WITH", "TRUNCATE")


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_writing(work):
    def wrapped(as_of, step):
        def watch(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            if str(sql).lstrip().upper().startswith(WRITING):
                die()
            return result

        with connection.execute_wrapper(watch):
            work(as_of, step)
        die()  # a step that only reads

    return wrapped


def dies_unnoted(work):
    def wrapped(as_of, step):
        work(as_of, step)
        die()

    return wrapped


def run_in_child(name: str, wrap) -> str:
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            pipeline.STEPS = tuple(
                replace(step, work=wrap(step.work)) if step.name == name else step for step in pipeline.STEPS
            )
            pipeline.run_nightly(as_of=AS_OF)
        except BaseException:  # noqa: BLE001  (whatever it was, the parent must not go on as two)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else f"ended with {status}"


ended = []
for step in pipeline.STEPS:
    for moment, wrap in (("writing", dies_writing), ("unnoted", dies_unnoted)):
        ended.append([step.name, moment, run_in_child(step.name, wrap)])
sys.stdout.write(json.dumps({"ended": ended}) + "\n")
