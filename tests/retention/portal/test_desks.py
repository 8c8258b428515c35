"""Desks of the demo act in the order of time, as if they worked beside each other."""

from datetime import timedelta

from retention.core import clock
from retention.portal.services.desks import run_desks
from tests.factories import NOW

MINUTE = timedelta(minutes=1)


def desk(name, seen, *minutes):
    for minute in minutes:
        yield NOW + minute * MINUTE
        seen.append((name, (clock.now() - NOW) // MINUTE))


def test_the_clock_never_goes_back_and_the_first_desk_goes_first():
    seen = []
    run_desks([desk("a", seen, 0, 40, 41), desk("b", seen, 0, 25), desk("none", seen)])
    assert seen == [("a", 0), ("b", 0), ("b", 25), ("a", 40), ("a", 41)]
