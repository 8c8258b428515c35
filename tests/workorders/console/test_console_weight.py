"""What a browser loads before the call screen can be used: the page and every file that it names, compressed."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from retention.core import clock
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MOST_BYTES = 150_000
NAMED = re.compile(r"/static/([^\"'#?)\s]+)")
IMPORTED = re.compile(r"(?:\bfrom|\bimport|@import|url\()\s*[\"'(]*(\.{1,2}/[^\"')#]+)")


def files_of(page: str) -> dict[str, int]:
    """{file: its compressed bytes} of all that the page names and all that these import."""
    found: dict[str, int] = {}
    waiting = [Path(finders.find(name)) for name in set(NAMED.findall(page))]
    while waiting:
        path = waiting.pop().resolve()
        if str(path) in found:
            continue
        content = path.read_bytes()
        found[str(path)] = len(gzip.compress(content, 9))
        if path.suffix in {".js", ".css"}:
            waiting += [path.parent / name for name in IMPORTED.findall(content.decode())]
    return found


def test_the_call_screen_loads_at_most_150_kilobytes(client, floor, order):
    client.force_login(floor[1][0])
    with clock.freeze(NOW):
        page = client.get(f"/work/orders/{order.order_no}/")
    files = files_of(page.text)
    assert {"order-pulse.js", "session.js", "console.css", "tabler.min.css"} <= {Path(name).name for name in files}
    loaded = len(gzip.compress(page.content)) + sum(files.values())
    assert loaded <= MOST_BYTES, sorted(files.items(), key=lambda one: -one[1])[:8]
