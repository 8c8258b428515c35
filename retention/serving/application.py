"""Whole requests to a WSGI application: what is between the event loop and the threads."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from retention.core.errors import DomainError
from retention.core.middleware import BODY_FAULT
from retention.serving.environ import Environ, environ_of
from retention.serving.incoming import Receive, whole_body
from retention.serving.outgoing import Send, Wsgi, answer_of

Result = TypeVar("Result")


class WholeRequests:
    """The ASGI application around `wsgi`.

    most_bytes: called in a thread with the head of a request that announces a body; how large the body may be, 0 for a
    caller who may send none. Nothing of the body is read before. threads: how many requests are worked on at a time.
    """

    def __init__(self, wsgi: Wsgi, *, most_bytes: Callable[[Environ], int], threads: int) -> None:
        self._wsgi, self._most_bytes = wsgi, most_bytes
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        environ = environ_of(scope)
        if "HTTP_TRANSFER_ENCODING" in environ or _announced(environ):
            await self._take_body(environ, receive)
        answer = await self._in_thread(answer_of, self._wsgi, environ)
        with contextlib.suppress(TimeoutError):  # the client does not read; its connection ends
            await answer.send(send)

    async def _take_body(self, environ: Environ, receive: Receive) -> None:
        """Sets wsgi.input and its length; BODY_FAULT, with an empty body, when it did not come whole."""
        announced = None if environ.pop("HTTP_TRANSFER_ENCODING", None) else _announced(environ)
        limit = await self._in_thread(self._most_bytes, environ)
        environ["CONTENT_LENGTH"] = "0"
        if not limit:
            return
        try:
            environ["wsgi.input"], size = await whole_body(receive, announced=announced, limit=limit)
            environ["CONTENT_LENGTH"] = str(size)
        except DomainError as fault:
            environ[BODY_FAULT] = fault

    async def _in_thread(self, work: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def _announced(environ: Environ) -> int:
    return int(environ.get("CONTENT_LENGTH") or 0)
