"""A switch with an HTTP interface: one JSON request a call.

    POST {url}/calls               {"reference", "number", "extension", "timeout"}, header Idempotency-Key: reference
      2xx                          taken: it rings the extension, then the number, for `timeout` seconds at most
      3xx, 4xx {"detail"}          refused, for good
      5xx, no answer               in doubt: its events say what became of it
    DELETE {url}/calls/{reference} hang up; 404 for a call that is over

Its events come over the API of this product, POST /api/v1/calls/events. Environment: TELEPHONE_HTTP_URL,
TELEPHONE_HTTP_KEY (sent as Bearer), TELEPHONE_HTTP_TIMEOUT (seconds).
"""

from urllib.parse import quote

import orjson
import urllib3
from django.core.exceptions import ImproperlyConfigured
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError

from retention import env
from workorders.telephony.switches.base import Answer, Dial, Outcome, Telephone

MAX_DETAIL = 200
FIRST_REDIRECT, NOT_FOUND, FIRST_SERVER_ERROR = 300, 404, 500


class HttpTelephone(Telephone):
    name = "http"
    needs_extension = True

    def __init__(self, url: str = "", key: str = "", timeout: float = 0) -> None:
        self.url = (url or env.text("TELEPHONE_HTTP_URL")).rstrip("/")
        if not self.url:
            raise ImproperlyConfigured("The telephone http needs TELEPHONE_HTTP_URL.")
        self.key = key or env.text("TELEPHONE_HTTP_KEY")
        seconds = timeout or env.number("TELEPHONE_HTTP_TIMEOUT", 5)
        # No retries of its own: a second try of a request that may have arrived could ring twice.
        self.pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=seconds, read=seconds))

    def dial(self, call: Dial) -> Answer:
        body = {
            "reference": call.reference, "number": call.number, "extension": call.extension, "timeout": call.timeout,
        }  # fmt: skip
        headers = self._headers() | {"Content-Type": "application/json", "Idempotency-Key": call.reference}
        try:
            answer = self.pool.request(
                "POST", f"{self.url}/calls", body=orjson.dumps(body), headers=headers, redirect=False
            )
        except (NewConnectionError, ConnectTimeoutError, MaxRetryError) as error:  # no connection: nothing arrived
            return Answer(Outcome.DOWN, type(error).__name__)
        except HTTPError as error:
            return Answer(Outcome.DOUBTFUL, type(error).__name__)
        if answer.status < FIRST_REDIRECT:
            return Answer(Outcome.TAKEN)
        outcome = Outcome.DOUBTFUL if answer.status >= FIRST_SERVER_ERROR else Outcome.REFUSED
        return Answer(outcome, f"HTTP {answer.status} {_detail(answer)}".strip()[:MAX_DETAIL])

    def hang_up(self, reference: str) -> bool:
        url = f"{self.url}/calls/{quote(reference, safe='')}"
        try:
            answer = self.pool.request("DELETE", url, headers=self._headers(), redirect=False)
        except HTTPError:
            return False
        return answer.status < FIRST_REDIRECT or answer.status == NOT_FOUND

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


def _detail(answer: urllib3.BaseHTTPResponse) -> str:
    try:
        found = orjson.loads(answer.data)
    except orjson.JSONDecodeError:
        return ""
    return str(found.get("detail", "")) if isinstance(found, dict) else ""
