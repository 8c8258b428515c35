"""Usage days over HTTP with four clients, until the last row has landed; beside COPY and an upsert by hand."""

import http.client
import json
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.by_hand import load_by_hand
from bench.measure import beside, percentile, seconds
from bench.site import Site, open_site
from bench.usage import bodies_of, some_usage, take_away
from customers.declarations import FACTS_WRITE
from docs.examples.billing_client import Billing
from retention.core import clock
from retention.core.api.models import ApiClient
from retention.core.api.services.clients import create_client

CLIENTS, BATCH = 4, 10_000
PUTS = 200
FIRST_YEAR, FLOOR_YEAR = 4, 6


def run(subscribers: int) -> dict:
    table, _text = some_usage(years_back=FIRST_YEAR)
    bodies = bodies_of(table, BATCH)
    _table, text = some_usage(years_back=FLOOR_YEAR)
    floor = table.num_rows / seconds(lambda: load_by_hand(text))
    key = _client()
    with tempfile.TemporaryDirectory() as folder, open_site(_environment(), Path(folder)) as site:
        _send(site, key, bodies[:CLIENTS])  # a warm-up
        take_away()
        first, accepted, applied = _send(site, key, bodies)
        again, _accepted, changed = _send(site, key, bodies)
        puts = _puts(site, key, bodies[0])
        assert site.workers is not None, "open_site starts them"
        memory = site.memory_mb(site.workers)
    take_away()
    assert (applied, changed) == (table.num_rows, 0), (applied, changed)
    figure = table.num_rows / first
    return beside(
        figure=figure, floor=floor, unit="rows/s", floor_is="COPY and INSERT ... ON CONFLICT DO UPDATE",
        goal=">= 0.4 of the floor, >= 30,000 rows/s", reached=figure >= max(0.4 * floor, 30_000), rows=table.num_rows,
        accepted_p95_ms=round(percentile(accepted, 95) * 1000), replay_of_first=round(again / first, 2),
        replay_changed=changed, put_p95_ms=round(percentile(puts, 95) * 1000, 1), worker_mb=round(memory),
    )  # fmt: skip


def _client() -> str:
    made = create_client(name=f"bench {uuid.uuid4()}", scopes=[FACTS_WRITE], now=clock.now())
    ApiClient.objects.filter(pk=made.client.pk).update(rate_per_second=10**6, burst=10**6)
    return made.key


def _environment() -> dict[str, str]:
    """The benchmarks' own database; a broker database that no other worker listens to."""
    own = connection.settings_dict
    address = f"postgresql://{own['USER']}:{own['PASSWORD'] or ''}@/{own['NAME']}?host={own['HOST']}&port={own['PORT']}"
    broker = settings.REDIS_URL.rsplit("/", 1)[0] + "/7"
    return os.environ | {"DATABASE_URL": address.replace(":@", "@"), "REDIS_URL": broker, "RETENTION_LOCAL": "1"}


def _send(site: Site, key: str, bodies: list[bytes]) -> tuple[float, list[float], int]:
    """Seconds until all rows have landed, seconds of each 202, rows changed."""
    waiting, lock, accepted, ids = iter(bodies), threading.Lock(), [], []

    def client() -> None:
        caller = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
        while (body := _next(waiting, lock)) is not None:
            headers = {
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/x-ndjson",
                "Idempotency-Key": str(uuid.uuid4()),
            }
            began = time.perf_counter()
            caller.request("POST", "/api/v1/batches/usage-days", body, headers)
            answer = caller.getresponse()
            said = json.loads(answer.read())
            assert answer.status == 202, said
            accepted.append(time.perf_counter() - began)
            ids.append(said["id"])

    began = time.perf_counter()
    threads = [threading.Thread(target=client) for _client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    billing = Billing(site.base, key=key)
    found = [billing.wait(batch) for batch in ids]
    return time.perf_counter() - began, accepted, sum(batch["applied"] for batch in found)


def _next(waiting: Iterator[bytes], lock: threading.Lock) -> bytes | None:
    with lock:
        return next(waiting, None)


def _puts(site: Site, key: str, body: bytes) -> list[float]:
    billing, took = Billing(site.base, key=key), []
    for line in body.split(b"\n")[:PUTS]:
        row = json.loads(line)
        row["data_mb"] += 1
        took.append(seconds(partial(billing.put, "usage-days", f"{row['subscriber_no']}~{row['day']}", row)))
    return took
