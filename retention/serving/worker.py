"""Gunicorn's event loop worker with limits for clients that keep it waiting."""

import asyncio
import json
import resource
import sys
from enum import IntEnum
from http import HTTPStatus
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

from retention.core.errors import Malformed, TooSlow

HEAD_SECONDS = 10.0
# An answered client that is still sending must be able to read its answer: its bytes are thrown away meanwhile.
LINGER_SECONDS = 5.0
LONGEST_LINGER_SECONDS = 60.0
SPARE_FILES = 200
CODES = {400: Malformed.code, 408: TooSlow.code}
FILES_PER_CONNECTION = 2  # the socket, and the temporary file of a body or an answer


class Standing(IntEnum):
    """How far the request of a connection is; those who have sent least are given up first."""

    IDLE = 0
    SENDING = 1
    SENT = 2


class Connection(ASGIProtocol):
    """A connection whose first head has a deadline, which may be half closed, and which refuses in JSON."""

    _closed: bool

    def connection_made(self, transport: Any) -> None:
        self._heard = self._ended = False
        self._deadline = self.worker.loop.call_later(HEAD_SECONDS, self._head_overdue)
        self.worker.let_in(self)
        super().connection_made(transport)

    @property
    def standing(self) -> Standing:
        if self._awaiting_request or self._closed:
            return Standing.IDLE
        receiver = self._body_receiver
        return Standing.SENDING if receiver is not None and not receiver._complete else Standing.SENT

    def data_received(self, data: bytes) -> None:
        self._heard = True
        if not self._closed:
            super().data_received(data)

    def eof_received(self) -> bool:
        """The client sends no more. Keep the other direction while there is something to answer."""
        if self._closed or self._awaiting_request:
            return False
        self._ended = True
        receiver = self._body_receiver
        if receiver is not None and not receiver._complete:
            receiver.signal_disconnect()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        self.worker.connections.pop(self, None)
        super().connection_lost(exc)

    def _on_headers_complete(self) -> bool:
        self._deadline.cancel()
        return super()._on_headers_complete()

    def _head_overdue(self) -> None:
        if self._heard:
            self._send_error_response(408, "The rest of the request did not come in time.")
        self._close_transport()
        self._request_ready.set()

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:
        receiver = self._body_receiver
        unread = receiver is not None and not receiver._complete
        return self._ended or unread or self.worker.parting or super()._will_close(request, response_requires_close)

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        """A request that could not be taken apart. No page of ours was asked for, so the one shape for machines."""
        phrase = HTTPStatus(status).phrase
        code = CODES.get(status) or phrase.lower().replace(" ", "_").replace("-", "_")
        body = json.dumps({"error": {"code": code, "message": message, "details": []}}).encode()
        head = [
            f"HTTP/1.1 {status} {phrase}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in extra_headers),
            "Connection: close",
        ]
        self._safe_write("\r\n".join([*head, "", ""]).encode("latin-1") + body)

    def _close_transport(self) -> None:
        """End our direction and let the client end the other: closing both at once could take the answer from it."""
        if self._closed:
            return
        self._closed = True
        if self.transport.is_closing():
            return
        if self._ended:
            self.transport.close()
            return
        self.transport.write_eof()
        self._resume_reading()
        self._part_later(LINGER_SECONDS)

    def _part_later(self, waited: float) -> None:
        self.worker.loop.call_later(LINGER_SECONDS, self._part, waited)

    def _part(self, waited: float) -> None:
        if self.transport.get_write_buffer_size() and waited < LONGEST_LINGER_SECONDS:
            self._part_later(waited + LINGER_SECONDS)
        else:
            self.transport.abort()


# The worker makes its connections by this name.
gasgi.ASGIProtocol = Connection


class Worker(gasgi.ASGIWorker):
    """connections: all open ones, in the order in which they were opened. parting: each connection gets a last answer.

    Gunicorn's own would end in the middle of what connections have been promised. A worker that must end, or that has
    answered as many requests as it should, first says for a second with each answer that the connection ends with it.
    """

    max_requests: int
    worker_connections: int

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.connections: dict[Connection, None] = {}
        self.parting = False
        self._enough, self.max_requests = self.max_requests, sys.maxsize

    def init_process(self) -> None:
        self.worker_connections = _raise_file_limit(self.worker_connections)
        super().init_process()

    def notify(self) -> None:
        """Called every second."""
        super().notify()
        if self.parting:
            self.alive = False
        self.parting = self.parting or self.nr >= self._enough

    def handle_exit_signal(self) -> None:
        self.parting = True

    def let_in(self, connection: Connection) -> None:
        """One too many takes the place of the oldest of those who have sent least."""
        if len(self.connections) >= self.worker_connections:
            given_up = min(self.connections, key=lambda one: one.standing)
            self.connections.pop(given_up)
            given_up.transport.abort()
        self.connections[connection] = None

    async def _shutdown(self) -> None:
        for connection in list(self.connections):
            if connection._awaiting_request:
                connection.transport.abort()
        await asyncio.sleep(0)
        await super()._shutdown()


def _raise_file_limit(connections: int) -> int:
    """Allow the process the files that so many connections need; returns how many the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_PER_CONNECTION * connections + SPARE_FILES
    files = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(files, soft), hard))
    return max(1, min(connections, (files - SPARE_FILES) // FILES_PER_CONNECTION))
