"""The law of clocks on trails by hand, and on random ones against a plain minute-by-minute count."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from retention.core.errors import Invalid
from workorders.clocks.calendars import Hours
from workorders.clocks.hours import parse_hours
from workorders.clocks.law import NEVER, Line, clocks, courses, reckon
from workorders.clocks.worktime import MINUTE, Elapsed, to_datetime, to_instant
from workorders.order_types.clocks import ClockKind, ClockSpec, Counting, read_clocks

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = Hours(week=[parse_hours("09:00-12:00, 14:00-18:00")] * 5 + [()] * 2, country="CN").worktime(ZONE)
ACCEPT = ClockSpec(ClockKind.ACCEPT, 60, Counting.WORKING)
ATTEMPT = ClockSpec(ClockKind.ATTEMPT, 120, Counting.WORKING)
CONTACT = ClockSpec(ClockKind.CONTACT, 24 * 60, Counting.ELAPSED, pauses_in=frozenset({"waiting"}))
CLOSE = ClockSpec(ClockKind.CLOSE, 14 * 60, Counting.WORKING, warn_percent=50, pauses_in=frozenset({"waiting"}))
SPECS = (ACCEPT, ATTEMPT, CONTACT, CLOSE)


def at(text):
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


def line(when, move, to, **given):
    if "promised" in given:
        given["promised"] = to_instant(at(given["promised"]))
    return Line(to_instant(at(when)), move, to, **given)


OPENED = line("20 17:30", "open", "queued")  # a Friday


def clock(kind, *trail, specs=SPECS):
    return {one.kind: one for one in clocks([OPENED, *trail], specs, OFFICE)}[kind]


def test_a_new_order_has_every_clock_open():
    assert [one.due_at for one in clocks([OPENED], SPECS, OFFICE)] == [
        at("23 09:30"), at("23 10:30"), at("21 17:30"), at("24 17:30"),
    ]  # fmt: skip
    found = clock("close")
    assert (found.warn_at, found.met_at, found.is_breached(at("24 17:31"))) == (at("23 17:30"), None, True)
    assert not found.is_breached(at("24 17:30"))


def test_each_clock_is_met_by_what_it_waits_for():
    trail = [
        line("23 09:10", "claim", "assigned"),
        line("23 09:15", "start", "in_progress"),
        line("23 09:20", "retry", "queued", is_contact=True),
        line("23 15:00", "claim", "assigned"),
        line("23 15:10", "complete", "done", is_contact=True, is_reached=True),
    ]
    met = {one.kind: one.met_at for one in clocks([OPENED, *trail], SPECS, OFFICE)}
    assert met == {
        "accept": at("23 09:10"), "attempt": at("23 09:15"), "contact": at("23 15:10"), "close": at("23 15:10"),
    }  # fmt: skip


def test_a_cancelled_order_stops_its_clocks_without_meeting_them():
    found = clock("close", line("23 09:10", "cancel", "cancelled"))
    assert (found.met_at, found.stopped_at) == (None, at("23 09:10"))
    assert not found.is_breached(at("30 10:00"))
    late = clock("accept", line("23 11:00", "cancel", "cancelled"))
    assert late.is_breached(at("23 11:00"))


def test_waiting_for_the_customer_stands_still_until_the_promised_moment_at_most():
    # Friday 17:30 to 18:00 and Monday 9:00 to 9:30 are used: 13 hours are left at the appointment.
    scheduled = line("23 09:30", "schedule", "waiting", is_contact=True, is_reached=True, promised="25 09:00")
    waiting = clock("close", scheduled)
    assert waiting.pauses == ((at("23 09:30"), at("25 09:00")),)
    assert waiting.due_at == at("26 17:00")
    # The agent calls late: that is our waiting, not the customer's.
    late = clock("close", scheduled, line("25 15:00", "claim", "assigned"))
    assert late.due_at == at("26 17:00")
    # And earlier than promised: the clock runs from then on.
    early = clock("close", scheduled, line("24 09:30", "claim", "assigned"))
    assert early.due_at == at("25 17:30")


def test_what_is_raised_while_waiting_keeps_the_promise():
    scheduled = line("23 09:30", "schedule", "waiting", promised="25 09:00")
    raised = line("24 10:00", "raise", "waiting")
    assert clock("close", scheduled, raised).due_at == clock("close", scheduled).due_at


def test_standing_still_without_a_promised_end_is_never_due():
    found = clock("close", line("23 09:30", "schedule", "waiting"))
    assert (found.due_at, found.warn_at) == (None, None)
    assert not found.is_breached(at("30 10:00"))
    # It had run out before: that stands.
    assert clock("close", line("27 09:30", "schedule", "waiting")).due_at == at("24 17:30")


def test_a_correction_takes_a_contact_back_and_time_closed_is_not_counted():
    wrong = line("23 10:00", "complete", "done", is_contact=True, is_reached=True)
    back = line("23 11:00", "reopen", "assigned")
    assert clock("contact", wrong, back).met_at is None
    assert clock("close", wrong, back).due_at == at("25 09:30")  # an hour later
    again = line("23 11:10", "complete", "done", is_contact=True, is_reached=True)
    assert clock("contact", wrong, back, again).met_at == at("23 11:10")


def test_the_soonest_promise_counts():
    opened = line("20 17:30", "open", "queued", due_minutes=14 * 60)
    raised = line("23 09:00", "raise", "queued", due_minutes=120)
    found = {one.kind: one for one in clocks([opened, raised], SPECS, OFFICE)}
    assert found["close"].due_at == at("23 11:00")
    taken = line("23 09:00", "take_over", "queued", due_minutes=10_000)
    found = {one.kind: one for one in clocks([opened, taken], SPECS, OFFICE)}
    assert (found["close"].due_at, found["accept"].due_at) == (at("24 17:30"), at("23 10:00"))


def test_a_type_without_clocks_has_the_one_of_its_hours_until_due():
    (only,) = read_clocks([], 48)
    assert (only.kind, only.minutes, only.counting, only.pauses_in) == ("close", 48 * 60, "elapsed", {"waiting"})
    first, close = read_clocks([{"kind": "accept", "minutes": 30, "calendar": "working"}], 2)
    assert (first.counting, first.warn_percent, close.minutes) == ("working", 80, 120)
    assert read_clocks([{"kind": "close", "calendar": "working"}], 2)[0].minutes == 120


@pytest.mark.parametrize(
    "clocks_given",
    [
        {"kind": "accept"}, ["accept"], [{"kind": "accept"}], [{"kind": "lunch", "minutes": 5}],
        [{"kind": "accept", "minutes": 0}], [{"kind": "accept", "minutes": True}],
        [{"kind": "accept", "minutes": 5, "calendar": "lunar"}], [{"kind": "accept", "minutes": 5, "color": "red"}],
        [{"kind": "accept", "minutes": 5}, {"kind": "accept", "minutes": 6}],
        [{"kind": "accept", "minutes": 5, "pauses_in": "waiting"}], [{"kind": "close", "warn_percent": 100}],
    ],
)  # fmt: skip
def test_clocks_that_mean_nothing_are_refused(clocks_given):
    with pytest.raises(Invalid) as refused:
        read_clocks(clocks_given, 48)
    assert refused.value.code == "bad_clocks"


MOVES = {
    "queued": [("claim", "assigned"), ("raise", "queued"), ("cancel", "cancelled")],
    "assigned": [("start", "in_progress"), ("put_back", "queued"), ("schedule", "waiting"), ("complete", "done")],
    "in_progress": [("retry", "queued"), ("schedule", "waiting"), ("complete", "done"), ("expire", "queued")],
    "waiting": [("claim", "assigned"), ("miss", "queued"), ("raise", "waiting")],
    "done": [("requeue", "queued"), ("reopen", "assigned")],
    "cancelled": [],
}
HOLDS_A_CONTACT = {"retry", "schedule", "complete"}
BEGIN = to_instant(datetime(2026, 9, 28, tzinfo=ZONE))


def random_trail(random):
    """Up to twelve lines on whole minutes around National Day, with its made-up days."""
    when, state = BEGIN + random.randrange(0, 4 * 24 * 60) * MINUTE, "queued"
    trail = [Line(when, "open", state, due_minutes=random.choice([None, 300, 2000]))]
    for _step in range(random.randrange(0, 12)):
        if not MOVES[state]:
            break
        move, state = random.choice(MOVES[state])
        when += random.choice([1, 7, 45, 300, 2000]) * MINUTE
        contact = move in HOLDS_A_CONTACT
        keeps_promise = move == "schedule" and random.random() < 0.8
        promised = when + random.choice([5, 600, 4000]) * MINUTE if keeps_promise else None
        trail.append(
            Line(
                when, move, state, contact, contact and random.random() < 0.6, promised,
                random.choice([60, 900]) if move == "raise" else None,
            )
        )  # fmt: skip
    return trail


def counted_by_minutes(course, working):
    """Due time by counting one minute after the other; NEVER when a pause without an end comes before."""
    best = NEVER
    for start, minutes in course.promises:
        now, left = start, minutes
        while left:
            pause = next((one for one in course.pauses if one[0] <= now and (one[1] is None or now < one[1])), None)
            if pause is not None and pause[1] is None:
                break
            if pause is None and working(now):
                left -= 1
            now += MINUTE
        else:
            best = min(best, now)
    return best


def test_ten_thousand_random_trails_follow_the_law():
    random = Random(20261001)
    trails = [random_trail(random) for _ in range(10_000)]
    for keeper, specs in ((OFFICE, (ACCEPT, ATTEMPT, CLOSE)), (Elapsed(), (CONTACT,))):
        found = [course for trail in trails for course in courses(trail, specs)]
        times = reckon(found, keeper)
        assert len(found) == len(trails) * len(specs)
        assert (times.warn <= times.due).all()
        for place, course in enumerate(found):
            ended = course.met_at is not None or course.stopped_at is not None
            assert course.is_open != ended
            for before, after in zip(course.pauses, course.pauses[1:], strict=False):
                assert before[1] is not None and before[1] <= after[0]
            if place % 7 == 0:  # one by one it is the same as together
                alone = reckon([course], keeper)
                assert (alone.warn[0], alone.due[0]) == (times.warn[place], times.due[place])


def test_random_trails_against_a_count_of_minutes():
    random = Random(7)
    stretches = OFFICE.shifts(datetime(2026, 9, 20).date(), datetime(2026, 12, 31).date())
    minutes = {now for begin, end in stretches for now in range(begin, end, MINUTE)}
    for _ in range(300):
        trail = random_trail(random)
        for keeper, spec, working in ((OFFICE, CLOSE, minutes.__contains__), (Elapsed(), CONTACT, lambda now: True)):
            (course,) = courses(trail, (spec,))
            due = int(reckon([course], keeper).due[0])
            assert due == counted_by_minutes(course, working), [to_datetime(one.at) for one in trail]


def test_a_clock_that_ended_is_not_moved_by_what_comes_after():
    random = Random(11)
    for _ in range(500):
        trail = random_trail(random)
        for length in range(1, len(trail)):
            (before,), (after,) = courses(trail[:length], (ACCEPT,)), courses(trail[: length + 1], (ACCEPT,))
            if before.met_at is not None:
                assert after.met_at == before.met_at
    assert timedelta(microseconds=MINUTE) == timedelta(minutes=1)
