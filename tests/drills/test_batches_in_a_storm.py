"""Billing sends everything several times at once, while web and worker processes are being killed.

DRILL_ROWS says how many rows the second drill sends (the suite: 40,000); DRILL_SEED which processes die.
"""

import os
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.site import Site
from docs.examples.billing_client import ApiError, Billing
from tests.drills.site import billing_of, open_site
from tests.drills.usage_rows import control, landed, lines_of, usage_rows

pytestmark = pytest.mark.drill
LINES = 400
ROWS = int(os.environ.get("DRILL_ROWS", "40000"))
BAD_IN = 200  # one row of so many is bad
EVERY_SECONDS = 2.0 if ROWS >= 200_000 else 1.0


def parts(rows, size):
    return [rows[offset : offset + size] for offset in range(0, len(rows), size)]


def many(billing: Billing, count: int) -> list[Billing]:
    """The same client, on so many connections."""
    return [Billing(f"http://{billing._base.netloc}", key=billing._key, patience=60) for _each in range(count)]


def test_every_batch_three_times_by_eight_clients_at_once_lands_once(drill):
    days = 20
    with open_site(drill) as site:
        lines = lines_of(drill, LINES)
        rows = usage_rows(lines, days, version=2)
        older = [row | {"voice_out_s": 1, "source_version": 1} for row in rows[::20]]
        batches = parts(rows + rows[::50] + older, 500)
        callers = many(billing_of(drill, site, "facts:write"), 8)
        asked = [(f"b{number}", batch) for number, batch in enumerate(batches)] * 3
        random.Random(3).shuffle(asked)

        def send(number):
            return [
                (key, callers[number].send("usage-days", batch, idempotency_key=key)) for key, batch in asked[number::8]
            ]

        with ThreadPoolExecutor(8) as pool:
            answers = [answer for sent in pool.map(send, range(8)) for answer in sent]
        ids = {}
        for key, batch in answers:
            assert ids.setdefault(key, batch) == batch, "one key, two batches"
        with pytest.raises(ApiError) as refused:
            callers[0].send("usage-days", batches[1], idempotency_key="b0")
        assert (refused.value.status, refused.value.code) == (422, "idempotency_key_reused")
        for batch in ids.values():
            assert callers[0].wait(batch)["state"] == "loaded"
        assert landed(drill, days=days) == control(rows)
        again = [callers[0].wait(callers[0].send("usage-days", batch)) for batch in parts(rows, 2000)]
        assert {(found["applied"], found["rejected"]) for found in again} == {(0, 0)}
        assert landed(drill, days=days) == control(rows)


def spoil(rows):
    """Every so many rows one is bad, each in its own way; gives back the good ones."""
    ways = (
        {"day": "2015-02-30"}, {"voice_out_s": -1}, {"calls_out": "many"}, {"data_mb": "1e400"}, {"sms_out": 1.5},
        {"day": "2099-01-01"},
    )  # fmt: skip
    good = []
    for number, row in enumerate(rows):
        if number % BAD_IN == 7:
            row.update(ways[number // BAD_IN % len(ways)])
        else:
            good.append(row)
    return good


def kill_now_and_then(site: Site, done: threading.Event, killed: Counter) -> None:
    dice = random.Random(int(os.environ.get("DRILL_SEED", "7")))
    while not done.wait(EVERY_SECONDS):
        for name, tree in (("web", site.web), ("worker", site.workers)):
            site.kill_one(dice, tree)
            killed[name] += 1


def test_killed_web_and_worker_processes_lose_nothing_and_land_nothing_twice(drill, capsys):
    lines = lines_of(drill, LINES)
    days = -(-ROWS // LINES)
    with open_site(drill) as site:
        rows = usage_rows(lines, days)[:ROWS]
        good = spoil(rows)
        billing = billing_of(drill, site, "facts:write")
        batches, callers = parts(rows, 1000 if ROWS < 100_000 else 10_000), many(billing, 4)

        def send(number):
            return [
                callers[number].send("usage-days", batches[n], idempotency_key=f"k{n}")
                for n in range(number, len(batches), 4)
            ]

        done, killed, began = threading.Event(), Counter(), time.monotonic()
        killer = threading.Thread(target=kill_now_and_then, args=(site, done, killed))
        killer.start()
        try:
            with ThreadPoolExecutor(4) as pool:
                sent = [batch for some in pool.map(send, range(4)) for batch in some]
            found = [billing.wait(batch) for batch in sent]
        finally:
            done.set()
            killer.join()
        took = time.monotonic() - began
        assert {one["state"] for one in found} == {"loaded"}
        assert sum(one["rejected"] for one in found) == len(rows) - len(good)
        assert sum(one["applied"] for one in found) == len(good)
        assert landed(drill, days=days) == control(good)
        bad = drill.number(
            "SELECT count(DISTINCT (source, row_no)) FROM customers_quarantinedrow WHERE state = 'rejected'"
        )
        assert bad == len(rows) - len(good)
        third = [row | {"voice_out_s": -1} if number % 3 == 0 else row for number, row in enumerate(good[:900])]
        held = billing.wait(billing.send("usage-days", third))
        assert (held["state"], held["applied"], held["rejected"]) == ("held", 0, 300)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(rows):,} rows in {len(batches)} batches, {len(rows) - len(good):,} bad, {took:.0f} s,"
              f" killed: {dict(killed)}\n")  # fmt: skip
