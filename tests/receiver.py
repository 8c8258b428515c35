"""A system that is told of events, as tests play it: a real HTTP server here that can be down or unwilling."""

import hashlib
import hmac
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

Answers = Callable[[dict], int]


@dataclass
class Receiver:
    """answers: the status for a message. Down means that nobody listens at the port."""

    answers: Answers = lambda message: 200
    received: list[dict] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    delay: float = 0.0
    busy: int = 0
    busiest: int = 0
    overlaps: int = 0

    def __post_init__(self) -> None:
        self._lock, self._open, self.port = Lock(), Counter(), 0
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def up(self) -> None:
        self.server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """When this returns, whatever had been taken in is also written down."""
        self.server.shutdown()
        self.server.server_close()

    def take(self, headers: dict[str, str], body: bytes) -> int:
        message = json.loads(body)
        with self._lock:
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
            self._open[message["subject"]] += 1
            self.overlaps += self._open[message["subject"]] > 1
        time.sleep(self.delay)
        status = self.answers(message)
        with self._lock:
            self.busy -= 1
            self._open[message["subject"]] -= 1
            self.headers.append(headers)
            self.bodies.append(body)
            if status < 300:
                self.received.append(message)
        return status

    def by_subject(self) -> dict[str, list[int]]:
        """The `n` of the data received, per subject; an event that came again counts once, where it came first."""
        seen, found = set(), defaultdict(list)
        for message in self.received:
            if message["id"] not in seen:
                seen.add(message["id"])
                found[message["subject"]].append(message["data"]["n"])
        return dict(found)


def is_signed(headers: dict[str, str], body: bytes, secret: str, *, target: str = "/hook") -> bool:
    """As a receiver checks both versions, written from the contract alone."""
    parts = [part.split("=", 1) for part in headers["x-retention-signature"].split(",")]
    moment = next(value for name, value in parts if name == "t").encode()
    signed = {"v1": moment + b"." + body, "v2": moment + b".POST." + target.encode() + b"." + body}
    wanted = {(name, hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()) for name, text in signed.items()}
    return wanted <= {(name, value) for name, value in parts}


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    # Closing waits for the requests under way.
    daemon_threads = False
    request_queue_size = 64


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", receiver.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    return Handler
