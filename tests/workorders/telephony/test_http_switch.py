"""The switch with an HTTP interface, against a server: what it is sent, and what each kind of answer means."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from workorders.telephony.switches.base import Dial, Outcome
from workorders.telephony.switches.http import HttpTelephone

CALL = Dial(reference="K-7", number="13800001234", extension="8001", timeout=30)


class Switch:
    """answer: status and body of the next answers; None closes the connection without one."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self.answer: tuple[int, bytes] | None = (202, b"")
        self.delay = 0.0
        switch = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                switch.asked.append((self.command, self.path, headers, json.loads(body) if body else None))
                time.sleep(switch.delay)
                if switch.answer is None:
                    self.connection.close()
                    return
                status, content = switch.answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_DELETE = do_POST

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/pbx/"
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def switch() -> Iterator[Switch]:
    switch = Switch()
    yield switch
    switch.server.shutdown()
    switch.server.server_close()


@pytest.fixture
def telephone(switch: Switch) -> HttpTelephone:
    return HttpTelephone(switch.url, key="secret", timeout=0.5)


def test_a_call_is_one_request_with_its_key_and_hanging_up_another(switch, telephone):
    assert telephone.dial(CALL).outcome == Outcome.TAKEN
    assert telephone.hang_up("K/7")
    (post, path, headers, body), (delete, over, asked, _body) = switch.asked
    assert (post, path) == ("POST", "/pbx/calls")
    assert body == {"reference": "K-7", "number": "13800001234", "extension": "8001", "timeout": 30}
    assert (headers["idempotency-key"], headers["authorization"]) == ("K-7", "Bearer secret")
    assert (delete, over, asked["authorization"]) == ("DELETE", "/pbx/calls/K%2F7", "Bearer secret")


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        ((422, b'{"detail": "no such extension"}'), Outcome.REFUSED, "HTTP 422 no such extension"),
        ((404, b"<html>"), Outcome.REFUSED, "HTTP 404"),
        ((302, b""), Outcome.REFUSED, "HTTP 302"),
        ((503, b""), Outcome.DOUBTFUL, "HTTP 503"),
        (None, Outcome.DOUBTFUL, "ProtocolError"),
    ],
)
def test_what_each_answer_means(switch, telephone, answer, outcome, said):
    switch.answer = answer
    found = telephone.dial(CALL)
    assert (found.outcome, found.detail) == (outcome, said)
    assert len(switch.asked) == 1, "never sent twice: it could ring twice"


def test_late_is_in_doubt_and_nobody_listening_is_down(switch, telephone):
    switch.delay = 1.0
    assert telephone.dial(CALL).outcome == Outcome.DOUBTFUL
    switch.server.shutdown()
    switch.server.server_close()
    assert telephone.dial(CALL).outcome == Outcome.DOWN
    assert not telephone.hang_up("K-7")


def test_what_is_over_at_the_switch_counts_as_hung_up(switch, telephone):
    switch.answer = (404, b"")
    assert telephone.hang_up("K-7")
    switch.answer = (500, b"")
    assert not telephone.hang_up("K-7")
