"""A client that falls silent is let go; the thread it held serves others."""

import socket
import time

import pytest

from retention.core.api import bodies
from retention.core.errors import TooSlow


class Silent:
    """A request whose connection gives nothing any more."""

    def __init__(self) -> None:
        ours, self.theirs = socket.socketpair()
        self.META = {"CONTENT_LENGTH": "10", "gunicorn.socket": ours}
        self._file = ours.makefile("rb")
        self.theirs.sendall(b"abc")

    @property
    def _request(self) -> "Silent":
        return self

    def read(self, size: int) -> bytes:
        return self._file.read(10)


def test_a_body_that_stops_coming_is_408(monkeypatch):
    monkeypatch.setattr(bodies, "IDLE_TIMEOUT_SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(TooSlow) as refused:
        bodies.read_body(Silent())
    assert time.monotonic() - began < 5
    assert refused.value.status == 408


def test_a_body_that_drips_is_408_too(monkeypatch):
    monkeypatch.setattr(bodies, "BODY_TIMEOUT_SECONDS", -1)
    with pytest.raises(TooSlow):
        bodies.read_body(Silent())
