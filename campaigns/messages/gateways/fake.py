"""A provider that misbehaves on purpose, for drills, benchmarks and the demo: it answers late or not at all, forgets
what it was given, fails after it has accepted, and sends receipts twice, late or never. It never removes duplicates:
what it is given twice, it delivers twice.

What it does with a message follows from the seed and the message's number, so a drill can be repeated. Its memory is a
file shared by all processes, like a provider's own: it survives whoever is killed. Environment: FAKE_PROVIDER_SEED,
FAKE_PROVIDER_TROUBLE (percent of messages that meet trouble of some kind), FAKE_PROVIDER_LATENCY_MS (of a batch),
FAKE_PROVIDER_FOLDER.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import orjson
from django.conf import settings

from campaigns.messages.gateways.base import Gateway, Incoming, Known, Outcome, Outgoing, ReceiptRow, Result
from campaigns.messages.gateways.file import append
from campaigns.messages.states import State
from retention import env

# Of the messages that meet trouble, the share of each kind; the rest are taken and only their receipts go wrong.
TIMEOUT_TAKEN, TIMEOUT_LOST, BUSY, REJECTED = 0.2, 0.15, 0.2, 0.1
LATE_SECONDS = 3.0


class FakeGateway(Gateway):
    name = "fake"
    can_ask = True
    settle_seconds = 1.0

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(env.text("FAKE_PROVIDER_FOLDER") or Path(settings.VAR_DIR) / "messages" / "fake")
        self.seed = env.text("FAKE_PROVIDER_SEED", "7")
        self.trouble = env.number("FAKE_PROVIDER_TROUBLE", 15) / 100
        self.latency = env.number("FAKE_PROVIDER_LATENCY_MS", 20) / 1000
        self._told: set[tuple[str, int]] = set()
        self._read, self._calls = 0, list[dict]()

    def send(self, batch: Sequence[Outgoing], *, seconds: float) -> Mapping[str, Result]:
        """What is taken is written down before the answer, and with the clock of this machine, not of the business."""
        began, tried = time.time(), self._tries()
        taken, results = [], {}
        for one in batch:
            results[one.reference], is_taken = self._decide(one.reference, tried.get(one.reference, 0))
            taken.append({"reference": one.reference, "to": one.to, "taken": is_taken, "at": began})
        append(self.folder / "calls.ndjson", b"".join(orjson.dumps(line) + b"\n" for line in taken))
        time.sleep(self.latency)
        return results

    def _decide(self, reference: str, tries: int) -> tuple[Result, bool]:
        """Its answer, and whether it has taken the message. After two tries it behaves."""
        dice = random.Random(f"{self.seed}:{reference}:{tries}")
        draw = dice.random() if tries < 2 and dice.random() < self.trouble else 1.0
        for share, outcome, is_taken in (
            (TIMEOUT_TAKEN, Outcome.DOUBTFUL, True),
            (TIMEOUT_LOST, Outcome.DOUBTFUL, False),
            (BUSY, Outcome.BUSY, False),
            (REJECTED, Outcome.REJECTED, False),
        ):
            if draw < share:
                return Result(outcome, detail=f"fake {outcome}"), is_taken
            draw -= share
        return Result(Outcome.ACCEPTED, provider_ref=f"F{reference}"), True

    def ask(self, references: Mapping[str, str]) -> Mapping[str, Known | None]:
        taken = {line["reference"] for line in self.calls() if line["taken"]}
        return {one: Known(State.SENT, f"F{one}") if one in taken else None for one in references}

    def poll(self, take: Callable[[Incoming], None]) -> None:
        """Receipts that are due: of each message none, one or two, on time or late, some of a failure."""
        now = time.time()
        due = {key: row for line in self.calls() if line["taken"] for key, row in self._receipts(line, now)}
        if due:
            take(Incoming(receipts=list(due.values())))
            self._told |= due.keys()

    def _receipts(self, line: dict, now: float) -> list[tuple[tuple[str, int], ReceiptRow]]:
        reference = line["reference"]
        dice = random.Random(f"{self.seed}:{reference}:receipt")
        if dice.random() < self.trouble / 3:
            return []  # never
        state = State.FAILED if dice.random() < self.trouble / 3 else State.DELIVERED
        times = 2 if dice.random() < self.trouble else 1
        at = line["at"] + (dice.uniform(0, LATE_SECONDS) if dice.random() < self.trouble else 0)
        rows = []
        for number in range(times):
            if at <= now and (reference, number) not in self._told:
                rows.append(((reference, number), ReceiptRow(state, reference=reference, detail="fake")))
        return rows

    def calls(self) -> list[dict]:
        """Every call of every process, oldest first: {reference, to, taken, at (seconds since 1970)}."""
        path = self.folder / "calls.ndjson"
        if path.exists():
            with path.open("rb") as file:
                file.seek(self._read)
                whole, _newline, _rest = file.read().rpartition(b"\n")
            if whole:
                self._read += len(whole) + 1
                self._calls += [orjson.loads(line) for line in whole.split(b"\n")]
        return self._calls

    def _tries(self) -> dict[str, int]:
        tries: dict[str, int] = {}
        for line in self.calls():
            tries[line["reference"]] = tries.get(line["reference"], 0) + 1
        return tries
