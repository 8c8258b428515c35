"""More comes in than is loaded: told to come later, nothing breaks, all of it lands when the workers are back."""

import http.client
import json
import threading
import time
import uuid
from collections import Counter

import pytest

from tests.drills.site import billing_of, open_site
from tests.drills.usage_rows import control, landed, lines_of, usage_rows

pytestmark = pytest.mark.drill
CLIENTS, BATCHES, ROWS = 20, 6, 500
ROOM = 20_000


def flood(site, key, bodies, statuses, accepted):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    for body in bodies:
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        connection.request("POST", "/api/v1/batches/usage-days", body, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        statuses[answer.status] += 1
        if answer.status == 202:
            accepted.append((said["id"], body))
        else:
            assert answer.headers["Retry-After"], said


def test_a_flood_is_held_off_with_429_and_what_was_accepted_lands(drill):
    with open_site(drill, workers=False, BATCH_ROWS_WAITING=str(ROOM)) as site:
        billing = billing_of(drill, site, "facts:write")
        lines = lines_of(drill, ROWS)
        days = CLIENTS * BATCHES
        by_day = [usage_rows(lines, days)[day * ROWS : (day + 1) * ROWS] for day in range(days)]
        bodies = ["\n".join(map(json.dumps, rows)).encode() for rows in by_day]
        statuses, accepted = Counter(), []
        threads = [
            threading.Thread(
                target=flood, args=(site, billing._key, bodies[n * BATCHES : (n + 1) * BATCHES], statuses, accepted)
            )
            for n in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        slowest = 0.0
        while any(thread.is_alive() for thread in threads):
            began = time.monotonic()
            assert site.answers("/login/")
            slowest = max(slowest, time.monotonic() - began)
        for thread in threads:
            thread.join()
        assert set(statuses) == {202, 429}
        assert ROOM <= statuses[202] * ROWS <= ROOM + CLIENTS * ROWS
        assert slowest < 5
        assert site.memory_mb(site.web) < 750
        site.start_workers()
        for batch, _body in accepted:
            assert billing.wait(batch)["state"] == "loaded"
        rows = [json.loads(line) for _batch, body in accepted for line in body.split(b"\n")]
        assert landed(drill, days=days) == control(rows)
        assert billing.send("usage-days", by_day[0])
