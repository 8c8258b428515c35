"""An HTTP provider: one JSON request a message, several at a time over kept connections.

    POST {url}               {"reference", "channel", "to", "text", "subject"}, header Idempotency-Key: reference
      2xx {"id"}             taken
      408, 425, 429, 503     not taken, come again
      other 4xx              not taken, for good
      5xx, no answer         in doubt: asked for later
    GET {url}/{reference}    200 {"id", "state": "accepted|delivered|failed|expired", "detail"}; 404: never seen

Receipts and replies come over the API of this product. Environment: MESSAGE_HTTP_URL, MESSAGE_HTTP_KEY (sent as
Bearer), MESSAGE_HTTP_TIMEOUT (seconds).
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import orjson
import urllib3
from django.core.exceptions import ImproperlyConfigured
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError

from campaigns.messages.gateways.base import Gateway, Known, Outcome, Outgoing, Result
from campaigns.messages.states import State
from retention import env

AT_ONCE = 16
COME_AGAIN = {408, 425, 429, 503}
MAX_DETAIL = 200
STATES = {
    "accepted": State.SENT, "sent": State.SENT, "delivered": State.DELIVERED, "failed": State.FAILED,
    "expired": State.EXPIRED,
}  # fmt: skip
NOT_FOUND, FIRST_ERROR, FIRST_SERVER_ERROR = 404, 400, 500


class HttpGateway(Gateway):
    name = "http"
    can_ask = True

    def __init__(self, url: str = "", key: str = "", timeout: float = 0) -> None:
        self.url = (url or env.text("MESSAGE_HTTP_URL")).rstrip("/")
        if not self.url:
            raise ImproperlyConfigured("The gateway http needs MESSAGE_HTTP_URL.")
        self.key = key or env.text("MESSAGE_HTTP_KEY")
        self.timeout = timeout or env.number("MESSAGE_HTTP_TIMEOUT", 10)
        # No retries of its own: a second try of a call that may have arrived would be a second message.
        self.pool = urllib3.PoolManager(
            maxsize=AT_ONCE, block=True, retries=False, timeout=urllib3.Timeout(connect=self.timeout, read=self.timeout)
        )

    def send(self, batch: Sequence[Outgoing], *, seconds: float) -> Mapping[str, Result]:
        until = time.monotonic() + seconds
        with ThreadPoolExecutor(min(AT_ONCE, len(batch) or 1)) as threads:
            results = threads.map(lambda one: self._send(one, until), batch)
            return {one.reference: result for one, result in zip(batch, results, strict=True)}

    def _send(self, one: Outgoing, until: float) -> Result:
        if time.monotonic() >= until:
            return Result(Outcome.NOT_TRIED)
        body = {
            "reference": one.reference, "channel": one.channel, "to": one.to, "text": one.text, "subject": one.subject,
        }  # fmt: skip
        headers = self._headers() | {"Content-Type": "application/json", "Idempotency-Key": one.reference}
        try:
            answer = self.pool.request("POST", self.url, body=orjson.dumps(body), headers=headers, redirect=False)
        except (NewConnectionError, ConnectTimeoutError, MaxRetryError) as error:  # no connection: nothing arrived
            return Result(Outcome.BUSY, detail=_said(error))
        except HTTPError as error:
            return Result(Outcome.DOUBTFUL, detail=_said(error))
        return _read(answer)

    def ask(self, references: Mapping[str, str]) -> Mapping[str, Known | None]:
        with ThreadPoolExecutor(min(AT_ONCE, len(references) or 1)) as threads:
            answers = threads.map(self._ask, references)
            found = dict(zip(references, answers, strict=True))
        return {reference: known for reference, (is_told, known) in found.items() if is_told}

    def _ask(self, reference: str) -> tuple[bool, Known | None]:
        """Whether the provider could tell, and what."""
        try:
            answer = self.pool.request("GET", f"{self.url}/{quote(reference)}", headers=self._headers(), redirect=False)
        except HTTPError:
            return False, None
        if answer.status == NOT_FOUND:
            return True, None
        told = _json(answer)
        state = STATES.get(str(told.get("state", "")))
        if answer.status >= FIRST_ERROR or state is None:
            return False, None
        return True, Known(state, str(told.get("id", ""))[:80], str(told.get("detail", ""))[:MAX_DETAIL])

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def close(self) -> None:
        self.pool.clear()


def _read(answer: urllib3.BaseHTTPResponse) -> Result:
    told = _json(answer)
    detail = f"HTTP {answer.status} {told.get('detail', '')}".strip()[:MAX_DETAIL]
    if 200 <= answer.status < 300:
        return Result(Outcome.ACCEPTED, provider_ref=str(told.get("id", ""))[:80])
    if answer.status in COME_AGAIN:
        return Result(Outcome.BUSY, detail=detail)
    return Result(Outcome.DOUBTFUL if answer.status >= FIRST_SERVER_ERROR else Outcome.REJECTED, detail=detail)


def _json(answer: urllib3.BaseHTTPResponse) -> dict:
    try:
        found = orjson.loads(answer.data)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MAX_DETAIL]
