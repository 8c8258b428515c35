"""Appends messages to a file, one JSON object a line: the way out of the demo, and for hand-over by file.

The file holds whole numbers, so it is readable for its owner only. It is also what the gateway is asked when in doubt:
a line is there or it is not.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
from django.conf import settings

from campaigns.messages.gateways.base import Gateway, Known, Outcome, Outgoing, Result
from campaigns.messages.states import State
from retention.core import clock


class FileGateway(Gateway):
    name = "file"
    can_ask = True
    settle_seconds = 0.0

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(settings.VAR_DIR) / "messages" / "sent.ndjson"

    def send(self, batch: Sequence[Outgoing], *, seconds: float) -> Mapping[str, Result]:
        at = clock.format_instant(clock.now())
        lines = [
            orjson.dumps(
                {
                    "reference": one.reference, "at": at, "channel": one.channel, "to": one.to,
                    "subject": one.subject, "text": one.text,
                }
            )
            for one in batch
        ]  # fmt: skip
        append(self.path, b"".join(line + b"\n" for line in lines))
        return {one.reference: Result(Outcome.ACCEPTED) for one in batch}

    def ask(self, references: Mapping[str, str]) -> Mapping[str, Known | None]:
        found = {line.get("reference") for line in read_lines(self.path)}
        return {one: Known(State.SENT) if one in found else None for one in references}


def append(path: Path, content: bytes) -> None:
    """In one write, so that lines of several processes do not mix; on the disk before it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)


def read_lines(path: Path) -> list[dict]:
    """The whole lines; one that a killed process has left unfinished is none."""
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().split(b"\n"):
        try:
            found.append(orjson.loads(line))
        except orjson.JSONDecodeError:
            continue
    return found
