"""Answers on their way out: made whole by a thread, sent by the event loop as fast as the client takes them."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import IO, Any
from wsgiref.util import FileWrapper

from retention.serving.environ import Environ
from retention.serving.incoming import Message

Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[Environ, Callable[..., Any]], Any]  # gives back the pieces of the body

MEMORY_BYTES = 1 << 20
PIECE_BYTES = 256 << 10
PIECE_SECONDS = 60.0  # for a client to take one piece, or a small answer


@dataclass
class Answer:
    """content: all of the body while it is small; file: where it lies otherwise."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    content: bytes = b""
    file: IO[bytes] | None = None

    def has(self, name: bytes) -> bool:
        return any(known == name for known, _value in self.headers)

    async def send(self, send: Send) -> None:
        """TimeoutError when the client does not take it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if self.file is not None:
            with self.file as file:
                while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                    async with asyncio.timeout(PIECE_SECONDS):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
        async with asyncio.timeout(PIECE_SECONDS):
            await send({"type": "http.response.body", "body": self.content})


def answer_of(wsgi: Wsgi, environ: Environ) -> Answer:
    """Call the application and collect its answer; closes the body of the request."""
    answer = Answer()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        answer.status = int(status.split(" ", 1)[0])
        answer.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return _no_write

    with contextlib.closing(environ["wsgi.input"]):
        result = wsgi(environ, start_response)
        try:
            _collect(answer, result)
        finally:
            if hasattr(result, "close"):
                result.close()
    if environ["REQUEST_METHOD"] == "HEAD":
        return Answer(answer.status, answer.headers)
    if answer.status not in {204, 304} and answer.file is None and not answer.has(b"content-length"):
        answer.headers.append((b"content-length", str(len(answer.content)).encode()))
    return answer


def _collect(answer: Answer, result: Iterable[bytes]) -> None:
    if isinstance(result, FileWrapper) and (file := _own_file(result.filelike)):
        answer.file = file
        return
    spool = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115
    for piece in result:
        spool.write(piece)
    large = spool.tell() > MEMORY_BYTES
    spool.seek(0)
    if large:
        answer.file = spool  # type: ignore[assignment]
    else:
        answer.content = spool.read()


def _own_file(file: Any) -> IO[bytes] | None:
    """A real file under a handle of its own, so that the application may close what it opened."""
    try:
        return os.fdopen(os.dup(file.fileno()), "rb")
    except (AttributeError, OSError):  # io.UnsupportedOperation is one
        return None


def _no_write(content: bytes) -> object:
    raise NotImplementedError("an application returns its answer")
