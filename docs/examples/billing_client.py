"""A small client for the API, as a billing system would use it. Standard library only; copy it and change it.

billing = Billing("http://127.0.0.1:8000", key="rk_...", secret="...")
batch = billing.send("usage-days", rows)          # rows: an iterable of dicts; repeatable without harm
print(billing.wait(batch))                        # {"state": "loaded", "applied": 9997, "rejected": 3, ...}
for error in billing.pages(f"batches/{batch}/errors"): ...
billing.settle_decisions(carry_out)
"""

import gzip
import hashlib
import hmac
import http.client
import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

PATIENCE = 20
DONE = {"loaded", "held", "failed"}


class ApiError(Exception):
    """An answer that repeating would not better. status, code and details as the API gives them."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(f"{status} {error.get('code')}: {error.get('message')}")
        self.status, self.code, self.details = status, error.get("code"), error.get("details", [])


class Billing:
    def __init__(self, base: str, *, key: str, secret: str = "", patience: int = PATIENCE) -> None:
        """secret: only for clients whose requests must be signed. patience: tries before giving up."""
        self._base, self._key, self._secret, self._patience = urlsplit(base), key, secret, patience
        self._connection: http.client.HTTPConnection | None = None

    # Facts

    def send(self, resource: str, rows: Iterable[dict[str, Any]], *, idempotency_key: str = "") -> str:
        """One batch of at most 50,000 rows; its id. The key makes a repeat harmless: keep it with the rows."""
        body = gzip.compress("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(), 1)
        headers = {
            "Content-Type": "application/x-ndjson",
            "Content-Encoding": "gzip",
            "Idempotency-Key": idempotency_key or str(uuid.uuid4()),
        }
        return self.call("POST", f"batches/{resource}", body, headers)["id"]

    def wait(self, batch: str, *, seconds: float = 600) -> dict[str, Any]:
        """Until the batch is settled: {"state", "received", "applied", "unchanged", "waiting", "rejected", ...}."""
        until = time.monotonic() + seconds
        while (found := self.call("GET", f"batches/{batch}"))["state"] not in DONE:
            if time.monotonic() > until:
                raise TimeoutError(f"batch {batch} is still {found['state']}")
            time.sleep(0.2)
        return found

    def put(self, resource: str, key: str, row: dict[str, Any]) -> dict[str, Any]:
        """One row at once. key: parts of a key joined by ~."""
        return self.call("PUT", f"{resource}/{quote(key, safe='~')}", json.dumps(row).encode())

    def events(self, events: list[dict[str, Any]]) -> dict[str, Any]:
        return self.call("POST", "events", json.dumps(events).encode())

    # Decisions

    def settle_decisions(self, carry_out: Callable[[dict[str, Any]], str]) -> int:
        """Carry out what customers accepted. carry_out: gives back our reference, or raises ValueError with the reason.

        Confirming twice is harmless, so a crash between carrying out and confirming needs no care beyond finding our
        own reference again.
        """
        settled = 0
        for decision in self.pages("decisions", state="pending"):
            path = f"decisions/{decision['id']}"
            try:
                self.call("POST", f"{path}/confirm", json.dumps({"billing_ref": carry_out(decision)}).encode())
            except ValueError as refusal:
                self.call("POST", f"{path}/refuse", json.dumps({"reason": str(refusal)}).encode())
            settled += 1
        return settled

    def may_terminate(self, subscriber_no: str) -> dict[str, Any]:
        """{"allowed", "reason", "order_no", "order_state"}: ask before a line is ended."""
        return self.call("GET", f"subscribers/{quote(subscriber_no)}/termination-check")

    def pages(self, path: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            query = urlencode(parameters | ({"cursor": cursor} if cursor else {}))
            found = self.call("GET", f"{path}?{query}" if query else path)
            yield from found["results"]
            cursor = found["next"]

    # Calling

    def call(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Any:
        """Ask until there is an answer: a lost connection, 408, 409 in progress, 429 and 5xx are tried again."""
        pause, last = 0.2, "no answer"
        for _try in range(self._patience):
            try:
                status, found, wait = self._once(method, f"/api/v1/{path}", body, headers or {})
            except (OSError, http.client.HTTPException) as lost:
                self._connection, last, wait = None, str(lost), 0.0
            else:
                if status < 400:
                    return found
                error = found["error"] if isinstance(found, dict) and "error" in found else {}
                if status < 500 and status not in {408, 429} and error.get("code") != "in_progress":
                    raise ApiError(status, error)
                last = f"{status} {error.get('code')}"
            time.sleep(max(wait, pause))
            pause = min(pause * 2, 5.0)
        raise TimeoutError(f"{method} {path}: {last}")

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any, float]:
        if self._connection is None:
            kind = http.client.HTTPSConnection if self._base.scheme == "https" else http.client.HTTPConnection
            self._connection = kind(self._base.hostname or "", self._base.port, timeout=60)
        sent = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"} | headers
        if self._secret:
            timestamp = f"{time.time():.6f}"
            sent |= {"X-Timestamp": timestamp, "X-Signature": f"v2={sign(self._secret, timestamp, method, path, body)}"}
        self._connection.request(method, path, body or None, sent)
        answer = self._connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None, float(answer.headers.get("Retry-After", 0))


def sign(secret: str, timestamp: str, method: str, target: str, body: bytes) -> str:
    """target: path and query exactly as they are sent."""
    return hmac.new(secret.encode(), f"{timestamp}.{method}.{target}.".encode() + body, hashlib.sha256).hexdigest()


def is_ours(header: str, target: str, body: bytes, secret: str, *, now: float, window: float = 300) -> bool:
    """Whether a webhook came from the centre and to this address: X-Retention-Signature is t=UNIX,v1=HEX,v2=HEX (two of
    each during a rotation), and only v2 covers the address. target: path and query of the request."""
    parts = [part.partition("=")[::2] for part in header.split(",")]
    timestamp = next((value for name, value in parts if name == "t"), "")
    if not timestamp.isdigit() or abs(now - int(timestamp)) > window:
        return False
    wanted = sign(secret, timestamp, "POST", target, body)
    return any(hmac.compare_digest(wanted, value) for name, value in parts if name == "v2")
