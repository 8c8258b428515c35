"""The night, killed: at random moments from outside, and in every step from inside."""

import sys
from datetime import date, timedelta
from itertools import count

import pytest

from retention import pipeline
from tests.drills.invariants import check_night, fingerprint
from tests.drills.killing import Killer, kills_wanted
from tests.drills.rig import Operator, last_json

pytestmark = pytest.mark.drill


def last_day(drill: Operator) -> date:
    return drill.ask("SELECT max(day) FROM customers_usageday")[0][0]


def standing(drill: Operator, as_of: date) -> str:
    """`3 of 10 steps`."""
    noted = drill.number(
        "SELECT count(s.finished_at) FROM core_jobstep s JOIN core_job j ON j.id = s.job_id"
        " WHERE j.kind = 'nightly' AND j.business_date = %s",
        as_of,
    )
    return f"{as_of:%m-%d} after {noted} of {len(pipeline.STEPS)} steps"


def check_again_changes_nothing(drill: Operator, as_of: date) -> None:
    before = fingerprint(drill)
    assert before["scores"][0] > 0
    again = drill.run("nightly", "--as-of", as_of)
    assert again.returncode == 0, again.stderr
    assert fingerprint(drill) == before


def test_a_night_killed_at_random_moments_ends_as_if_it_had_not_been(drill: Operator, capsys):
    first = last_day(drill) - timedelta(days=20)
    for day in (first, first + timedelta(days=1)):  # the first night installs much: the span is that of the second
        quiet = last_json(drill.run("nightly", "--as-of", day, "--json").stdout)
    killer, nights = Killer(drill, "nightly", span=quiet["seconds"]), 0
    for back in count(2):
        as_of, nights = first + timedelta(days=back), nights + 1
        assert as_of <= last_day(drill), f"only {len(killer.killed)} kills hit in {nights} nights"
        while len(killer.killed) < kills_wanted():
            if not killer.kill("nightly", "--as-of", as_of, where=lambda as_of=as_of: standing(drill, as_of)):
                break
        killer.finish("nightly", "--as-of", as_of)
        check_night(drill, as_of)
        if len(killer.killed) == kills_wanted():
            break
    check_again_changes_nothing(drill, as_of)
    with capsys.disabled():
        sys.stdout.write(f"\nnightly: {len(killer.killed)} kills in {nights} nights of {quiet['seconds']} s:"
              f" {', '.join(killer.killed)}; {killer.busy} starts found the dead one's lock\n")  # fmt: skip


def test_a_night_killed_in_each_step_goes_on_there_and_ends_like_one_that_was_not(drill: Operator):
    """Whole, and with the same orders and hits, whatever time it took."""
    as_of = last_day(drill)
    result = (
        "SELECT s.code, h.subscriber_id, h.state, h.reason FROM campaigns_scenariohit h"
        " JOIN campaigns_scenario s ON s.id = h.scenario_id ORDER BY 1, 2"
    )
    assert drill.run("nightly", "--as-of", as_of).returncode == 0
    undisturbed = drill.ask(result)
    assert undisturbed
    for table in ("workorders_workorder", "campaigns_scenariohit", "campaigns_scenariorun", "customers_contactrecord",
                  "customers_riskscore", "customers_subscriberprofile", "core_job"):  # fmt: skip
        drill.ask(f"TRUNCATE {table} CASCADE")

    died = drill.script("nights_that_die.py", as_of)
    assert died.returncode == 0, died.stderr
    moments = [[step.name, moment, "killed"] for step in pipeline.STEPS for moment in ("writing", "unnoted")]
    assert last_json(died.stdout)["ended"] == moments, died.stderr

    done = drill.run("nightly", "--as-of", as_of, "--json")
    assert done.returncode == 0, done.stderr
    assert drill.number("SELECT attempts FROM core_job WHERE kind = 'nightly'") == len(moments) + 1
    check_night(drill, as_of)
    assert drill.ask(result) == undisturbed
    check_again_changes_nothing(drill, as_of)


def test_a_shared_night_goes_on_when_each_of_its_processes_dies_in_a_chunk(drill: Operator):
    """Two processes at the same profile, then at the same scores: what one night alone makes is what they make."""
    as_of = last_day(drill)
    made = [
        "SELECT md5(string_agg(p::text, '' ORDER BY subscriber_id)) FROM customers_subscriberprofile p",
        "SELECT md5(string_agg(r::text, '' ORDER BY subscriber_id)) FROM customers_riskscore r",
    ]
    assert drill.run("nightly", "--as-of", as_of).returncode == 0
    alone = [drill.ask(question) for question in made]
    for table in ("workorders_workorder", "campaigns_scenariohit", "campaigns_scenariorun", "customers_contactrecord",
                  "customers_riskscore", "customers_subscriberprofile", "customers_planfit", "customers_accountcredit",
                  "customers_creditchange", "customers_linesegment", "campaigns_segmentnight", "core_job",
                  "core_chunkedrun"):  # fmt: skip
        drill.ask(f"TRUNCATE {table} CASCADE")

    died = drill.script("shared_night_that_dies.py", as_of)
    assert died.returncode == 0, died.stderr
    # Of ten chunks each round has lost the two that the dead were at; those they had committed before stand.
    expected = [{"work": work, "round": place, "ended": ["killed", "killed"], "done": 5}
                for work, place in (("profile", 0), ("score", 0), ("score", 1))]  # fmt: skip
    assert last_json(died.stdout)["rounds"] == expected, died.stderr

    done = drill.run("nightly", "--as-of", as_of, "--json")
    assert done.returncode == 0, done.stderr
    check_night(drill, as_of)
    assert [drill.ask(question) for question in made] == alone
    check_again_changes_nothing(drill, as_of)
