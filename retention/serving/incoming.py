"""Bodies of requests on their way in: whole on disk, or a reason why not."""

import asyncio
import errno
import shutil
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from retention.core.errors import DomainError, Malformed, TooLarge, TooSlow, Unavailable

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

MEMORY_BYTES = 64 << 10  # of one body; the rest of it lies in a temporary file
GRACE_SECONDS = 10.0
IDLE_SECONDS = 20.0
FLOOR_BYTES_PER_SECOND = 16 << 10
RESERVED_BYTES = 512 << 20  # of the disk: many callers at a time must not take it from the rest of the machine
MEASURED_EVERY = 8 << 20


async def whole_body(receive: Receive, *, announced: int | None, limit: int) -> tuple[IO[bytes], int]:
    """(the body as a file at its start, its size).

    announced: the Content-Length, None for a chunked body. Malformed `body_cut` when the client stops before its end,
    TooLarge above `limit` bytes, TooSlow when nothing comes for IDLE_SECONDS or, after GRACE_SECONDS, less than
    FLOOR_BYTES_PER_SECOND on average; so a body has a deadline that follows from its size. Unavailable `disk_full` when
    it would leave less than RESERVED_BYTES.
    """
    if announced is not None and announced > limit:
        raise too_large(limit)
    if announced is not None and announced > MEMORY_BYTES:
        _require_room(announced)
    body: IO[bytes] = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # type: ignore[assignment]  # noqa: SIM115
    try:
        return body, await _copy(receive, body, announced=announced, limit=limit)
    except OSError as error:
        body.close()
        raise no_room() if error.errno == errno.ENOSPC else error from None
    except BaseException:
        body.close()
        raise


async def _copy(receive: Receive, body: IO[bytes], *, announced: int | None, limit: int) -> int:
    loop = asyncio.get_running_loop()
    began, size, more = loop.time(), 0, True
    while more:
        due = began + GRACE_SECONDS + size / FLOOR_BYTES_PER_SECOND
        try:
            async with asyncio.timeout_at(min(due, loop.time() + IDLE_SECONDS)):
                message = await receive()
        except TimeoutError:
            raise TooSlow(_("The rest of the request did not come in time.")) from None
        if message["type"] == "http.disconnect":
            raise cut()
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        if size // MEASURED_EVERY > (size - len(piece)) // MEASURED_EVERY:
            _require_room(0)
        body.write(piece)
        more = message.get("more_body", False)
    if announced is not None and size != announced:
        raise cut()
    body.seek(0)
    return size


def _require_room(size: int) -> None:
    if shutil.disk_usage(tempfile.gettempdir()).free < size + RESERVED_BYTES:
        raise no_room()


def no_room() -> DomainError:
    text = _("The disk of the server is full. Try again later.")
    return Unavailable(text, code="disk_full", headers={"Retry-After": "60"})


def cut() -> DomainError:
    return Malformed(_("The request ends before its announced length."), code="body_cut")


def too_large(limit: int) -> DomainError:
    return TooLarge(_("The request may hold at most %(most)s MiB.") % {"most": limit >> 20}, code="too_large")
