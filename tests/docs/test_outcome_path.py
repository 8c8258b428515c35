"""docs/architecture.md follows one saved call outcome by hand: every stop is there and is made."""

import re
import sys
from pathlib import Path
from pkgutil import resolve_name

import pytest
from django.urls import reverse

from retention.core import clock
from tests.factories import NOW
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.services.claiming import claim_next

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
SECTION = PAGE.read_text().partition("## One saved call outcome\n")[2].partition("\n## ")[0]
STOPS = re.findall(r"^\d+\. `([\w.]+:[\w.]+)`", SECTION, re.MULTILINE)
TABLES = {"workorders.orders.states:MOVES"}  # read, not called


@pytest.mark.django_db
def test_the_path_of_a_saved_outcome_is_as_written(client):
    team, (ana,) = make_floor()
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    client.force_login(ana)
    address = reverse("workorders:outcome", args=[order.order_no])
    called = set()

    def note(frame, event, _argument):
        if event == "call":
            called.add(f"{frame.f_globals.get('__name__')}:{frame.f_code.co_qualname}")

    with clock.freeze(NOW):
        sys.setprofile(note)
        try:
            answer = client.post(address, {"disposition": "do_not_call", "version": order.version, "then": "stop"})
        finally:
            sys.setprofile(None)
    assert answer.status_code == 302
    assert set(STOPS) - called == TABLES
    assert all(resolve_name(stop) for stop in STOPS)


def test_the_path_has_at_most_twelve_stops_and_enters_no_room_twice():
    rooms = [stop.partition(":")[0] for stop in STOPS]
    assert 0 < len(STOPS) <= 12
    assert len(rooms) == len(set(rooms))
