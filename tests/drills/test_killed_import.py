"""import_facts, killed at random moments: what lands in the end equals the control file, row for row."""

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.drills.killing import Killer, kills_wanted
from tests.drills.rig import Operator, last_json

pytestmark = pytest.mark.drill
DAYS = 250
BAD, WAITING = 40, 30
SUMS = ("voice_out_s", "calls_out", "sms_out", "data_mb")


def write_file(drill: Operator, path: Path, *, first: date) -> pd.DataFrame:
    """Usage of the small operator for DAYS days, some bad, some of unknown lines; gives back the good rows."""
    lines = [number for (number,) in drill.ask("SELECT subscriber_no FROM customers_subscriber ORDER BY id")]
    dice = np.random.default_rng(3)
    rows = len(lines) * DAYS
    days = [str(first + timedelta(days=one)) for one in range(DAYS)]
    frame = pd.DataFrame(
        {
            "subscriber_no": np.tile(lines, DAYS),
            "day": np.repeat(days, len(lines)),
            **{
                name: dice.integers(0, 500, rows)
                for name in ("voice_out_s", "voice_in_s", "calls_out", "calls_in", "sms_out")
            },
            "data_mb": dice.integers(0, 900, rows) / 4,  # adds up without rounding
        }
    )
    spoilt = dice.choice(rows, BAD + WAITING, replace=False)
    frame.loc[spoilt[:BAD], "calls_out"] = -1
    frame.loc[spoilt[BAD:], "subscriber_no"] = "nobody"
    frame.to_csv(path, index=False)
    return frame.drop(index=spoilt)


def control(good: pd.DataFrame) -> list[tuple]:
    """(day, rows, sum of each measure)."""
    by_day = good.groupby("day").agg(**{"rows": ("day", "size"), **{name: (name, "sum") for name in SUMS}})
    return [(day, *map(float, row)) for day, row in zip(by_day.index, by_day.to_numpy(), strict=True)]


def landed(drill: Operator, first: date) -> list[tuple]:
    sums = ", ".join(f"sum({name})::float8" for name in SUMS)
    return drill.ask(
        f"SELECT day::text, count(*)::float8, {sums} FROM customers_usageday WHERE day BETWEEN %s AND %s"
        " GROUP BY day ORDER BY day",
        first, first + timedelta(days=DAYS - 1),
    )  # fmt: skip


def kept_aside(drill: Operator, path: Path) -> dict[str, int]:
    rows = drill.ask(
        "SELECT state, count(DISTINCT row_no), count(*) FROM customers_quarantinedrow WHERE source LIKE %s GROUP BY 1",
        f"{path.name}@%",
    )
    assert all(distinct == all_of_them for _, distinct, all_of_them in rows), "a row is kept aside twice"
    return {state: distinct for state, distinct, _ in rows}


def standing(drill: Operator) -> str:
    rows = drill.ask("SELECT counts->>'last_row' FROM core_job WHERE kind = 'import' ORDER BY id DESC LIMIT 1")
    return f"row {rows[0][0] or 0}"


def test_an_import_killed_at_random_moments_lands_every_row_once(drill: Operator, tmp_path: Path, capsys):
    first = drill.ask("SELECT min(day) FROM customers_usageday")[0][0] - timedelta(days=DAYS)
    practice = tmp_path / "practice.csv"
    write_file(drill, practice, first=first)
    quiet = last_json(drill.run("import_facts", "usage-days", practice, "--json").stdout)
    # One deletes nothing here: each further file is of earlier days, so that each lands anew.
    killer, files = Killer(drill, "import", span=quiet["seconds"]), 0
    while len(killer.killed) < kills_wanted():
        files += 1
        assert files < 20, f"only {len(killer.killed)} kills hit"
        first -= timedelta(days=DAYS)
        path = tmp_path / f"usage{files}.csv"
        good = write_file(drill, path, first=first)
        command = ("import_facts", "usage-days", path, "--json")
        while len(killer.killed) < kills_wanted() and killer.kill(*command, where=lambda: standing(drill)):
            pass
        result = last_json(killer.finish(*command).stdout)
        assert result["received"] == len(good) + BAD + WAITING
        assert (result["rejected"], result["waiting"]) == (BAD, WAITING)
        assert result["applied"] + result["unchanged"] == len(good)
        assert landed(drill, first) == control(good)
        assert kept_aside(drill, path) == {"rejected": BAD, "waiting": WAITING}
    again = last_json(killer.finish(*command).stdout)
    assert (again["applied"], again["unchanged"]) == (0, len(good))
    assert landed(drill, first) == control(good)
    with capsys.disabled():
        sys.stdout.write(f"\nimport_facts: {len(killer.killed)} kills in {files} files of {len(good):,} rows,"
              f" {quiet['seconds']} s each: {', '.join(killer.killed)};"
              f" {killer.busy} starts found the dead one's lock\n")  # fmt: skip
