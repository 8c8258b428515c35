"""The hidden truth, for evaluating models and campaigns. It is written to a folder, never to the database.

`subscribers.parquet`  one row per line: true cause and day of leaving (also of silent leaving), exit, traits.
`months/YYYY-MM-DD.parquet`  one row per line that is in use on that day (each month end, and `until`):
  cause and months of leaning, true churn probability by choice in the next 30 days without a contact,
  with a contact, with a contact and an offer, and the outcomes themselves for 30 and 60 days.

Outcomes: the one without a contact is the simulated life. The others follow from it by one common draw
per line and day: a saved line would have left, a woken line would have stayed.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from retention.simulator.defaults import causes
from retention.simulator.history import History, World
from retention.simulator.identity import Identity
from retention.simulator.lines import NEVER
from retention.simulator.parameters import date_of
from retention.simulator.randomness import stream, uniform
from retention.simulator.rules.hazards import NO_CONTRACT
from retention.simulator.schema import choices, nullable_days

HORIZONS = (30, 60)


def write_truth(world: World, identity: Identity, folder: Path) -> None:
    """Writes the truth of a simulated operator; the folder is made, files of the same name replaced."""
    (folder / "months").mkdir(parents=True, exist_ok=True)
    pq.write_table(_subscribers(world, identity), folder / "subscribers.parquet")
    timeline = world.spec.timeline
    moments = [(timeline.end(month), month + 1, 0.0) for month in timeline.completed_months]
    if timeline.current is not None:
        elapsed = (timeline.until - timeline.start(timeline.current) + 1) / timeline.length(timeline.current)
        moments.append((timeline.until, timeline.current, elapsed))
    for day, month, elapsed in moments:
        pq.write_table(_moment(world, identity, day, month, elapsed), folder / "months" / f"{date_of(day)}.parquet")


def _subscribers(world: World, identity: Identity) -> pa.Table:
    departures, lines = world.departures, world.lines
    names = [cause.name for cause in causes.CAUSES]
    left = departures.left_on != NEVER
    return pa.table(
        {
            "subscriber_no": identity.subscriber,
            "left_on": nullable_days(departures.left_on, left),
            "cause": choices(names, np.where(left, departures.cause, 0)),
            "exit": choices(causes.EXITS, departures.exit),
            "terminated_on": nullable_days(departures.gone_on, departures.gone_on != NEVER),
            "sleeping_dog": pa.array(lines.sleeping_dog),
            "price_sense": pa.array(lines.price_sense),
            "network_sense": pa.array(lines.network_sense),
            "dormant_from_the_start": pa.array(lines.dormant),
        }
    )


def _moment(world: World, identity: Identity, day: int, month: int, elapsed: float) -> pa.Table:
    """Truth at the end of `day`; `month` is the one that the next day belongs to, `elapsed` of it is over."""
    lines, departures, history, timeline = world.lines, world.departures, world.history, world.spec.timeline
    in_use = (lines.activated <= day) & (departures.gone_on > day) & (departures.quiet_from > day)
    where = np.flatnonzero(in_use & ((departures.left_on > day) | (departures.left_on == NEVER)))
    alone = _chance(history, timeline.length(month), month, elapsed)[where]
    left_on = departures.left_on[where]
    cause = history.main_cause[month][where]
    leaning = history.cause[month if elapsed else month - 1][where]
    wakes = lines.sleeping_dog[where] & (_days_bound(world, day)[where] < 60) & (leaning == causes.NONE)
    draw = uniform(stream(world.spec.seed, "response", day), len(lines))[where]
    columns = {
        "subscriber_no": identity.lines(where),
        "as_of": pa.array(np.full(len(where), day, dtype=np.int32)).cast(pa.date32()),
        "leaning": choices([c.name for c in causes.CAUSES], leaning),
        "months_leaning": pa.array(history.stage[month if elapsed else month - 1][where] * (leaning != causes.NONE)),
        "likeliest_cause": choices([c.name for c in causes.CAUSES], cause),
        "probability_alone": pa.array(alone),
    }  # fmt: skip
    answers = {
        "contact": _answer(alone, causes.CONTACT[cause], wakes * causes.SLEEPING_DOG_WAKES),
        "offer": _answer(alone, causes.OFFER[cause], wakes * causes.SLEEPING_DOG_OFFER),
    }
    for name, chance in answers.items():
        columns[f"probability_{name}"] = pa.array(chance)
    for horizon in HORIZONS:
        leaves = left_on <= day + horizon
        columns[f"leaves_{horizon}_alone"] = pa.array(leaves)
        for name, chance in answers.items():
            columns[f"leaves_{horizon}_{name}"] = pa.array(_outcome(leaves, alone, chance, draw))
    return pa.table(columns)


def _chance(history: History, length: int, month: int, elapsed: float) -> np.ndarray:
    """Churn probability in the next 30 days: the rest of this month, then as much of the next as is needed.

    Computed from what is known on the day, without later draws."""
    this = history.hazard[month] if elapsed else history.foreseen[month]
    rest = (1 - elapsed) * length
    first = this * (1 - elapsed) / np.maximum(1 - this * elapsed, 1e-6) * min(30 / max(rest, 1), 1)
    if rest >= 30 or month + 1 >= len(history.hazard):
        return first.astype(np.float32)
    following = np.where(history.foreseen[month + 1] > 0, history.foreseen[month + 1], this)
    return (1 - (1 - first) * (1 - following * (30 - rest) / 30)).astype(np.float32)


def _days_bound(world: World, day: int) -> np.ndarray:
    """Days left of each line's contract on the day; negative for none."""
    columns = world.contracts.columns()
    ends = np.full(len(world.lines), NO_CONTRACT, dtype=np.int32)
    signed = columns["starts_on"] <= day
    np.maximum.at(ends, columns["line"][signed], columns["ends_on"][signed])
    return ends - day


def _answer(alone: np.ndarray, factor: np.ndarray, woken: np.ndarray) -> np.ndarray:
    return np.clip(alone * factor + woken, 0, 0.99).astype(np.float32)


def _outcome(leaves: np.ndarray, alone: np.ndarray, treated: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """The outcome under treatment that goes with the untreated one by the common draw."""
    keeps_leaving = draw < treated / np.maximum(alone, 1e-9)
    starts_leaving = draw > 1 - np.maximum(treated - alone, 0) / np.maximum(1 - alone, 1e-9)
    return np.where(leaves, keeps_leaving, starts_leaving)
