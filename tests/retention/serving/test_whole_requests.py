"""The application sees whole requests only, and no thread waits for a client."""

import asyncio
import errno
import io
import tempfile
import threading
from types import SimpleNamespace

import pytest

from retention.core.errors import Unavailable
from retention.core.middleware import BODY_FAULT
from retention.serving import incoming, outgoing
from retention.serving.application import WholeRequests

KIB = 1 << 10


def scope(*headers: tuple[str, str], method: str = "POST", path: bytes = b"/x") -> dict:
    return {
        "type": "http", "method": method, "raw_path": path, "query_string": b"a=1", "http_version": "1.1",
        "scheme": "http", "server": ("127.0.0.1", 80), "client": ("10.0.0.1", 5),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip


class Caller:
    """A client that sends `pieces`, each after `pause` seconds, and hangs up or falls silent in the end."""

    def __init__(self, *pieces: bytes, whole: bool = True, pause: float = 0.0, silent: bool = False) -> None:
        self.pieces, self.whole, self.pause, self.silent = list(pieces), whole, pause, silent
        self.asked, self.answer = 0, []

    async def receive(self) -> dict:
        self.asked += 1
        await asyncio.sleep(self.pause)
        if self.pieces:
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or not self.whole}
        if self.silent:
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        self.answer.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.answer)


class Application:
    """Keeps what it was called with; answers with `answer`."""

    def __init__(self, answer=(b"fine",)) -> None:
        self.environ, self.answer, self.body, self.thread = {}, answer, None, ""

    def __call__(self, environ, start_response):
        self.environ, self.thread = environ, threading.current_thread().name
        self.body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return self.answer(environ) if callable(self.answer) else self.answer


def ask(application, caller, *headers, limit: int = 1 << 20, **given) -> None:
    whole = WholeRequests(application, most_bytes=lambda environ: limit, threads=1)
    asyncio.run(whole(scope(*headers, **given), caller.receive, caller.send))


def test_a_body_is_read_whole_before_the_application_runs_in_a_thread():
    application, caller = Application(), Caller(b"one ", b"two")
    ask(application, caller, ("content-length", "7"))
    assert (application.body, application.environ["CONTENT_LENGTH"]) == (b"one two", "7")
    assert application.thread.startswith("request")
    assert (caller.answer[0]["status"], caller.body) == (200, b"fine")
    assert (b"content-length", b"4") in caller.answer[0]["headers"]


def test_a_chunked_body_arrives_with_its_length():
    application = Application()
    ask(application, Caller(b"one ", b"two"), ("transfer-encoding", "chunked"))
    assert (application.body, application.environ["CONTENT_LENGTH"]) == (b"one two", "7")
    assert "HTTP_TRANSFER_ENCODING" not in application.environ


def test_a_large_body_lies_on_disk():
    application = Application()
    ask(application, Caller(*[b"x" * 64 * KIB] * 8), ("content-length", str(512 * KIB)))
    assert application.body == b"x" * 512 * KIB
    assert application.environ["wsgi.input"]._rolled
    assert application.environ["wsgi.input"].closed


@pytest.mark.parametrize(
    ("headers", "caller"),
    [
        (("content-length", "20"), Caller(b"amount,12", whole=False)),
        (("content-length", "20"), Caller(b"amount,12")),
        (("transfer-encoding", "chunked"), Caller(b"amount,12", whole=False)),
    ],
)
def test_a_body_that_is_cut_is_a_fault_and_nothing_of_it_is_there(headers, caller):
    application = Application()
    ask(application, caller, headers)
    fault = application.environ[BODY_FAULT]
    assert (fault.status, fault.code) == (400, "body_cut")
    assert (application.body, application.environ["CONTENT_LENGTH"]) == (b"", "0")


def test_a_stranger_is_answered_with_nothing_of_the_body_read():
    application, caller = Application(), Caller(b"x")
    ask(application, caller, ("content-length", "1"), limit=0)
    assert caller.asked == 0
    assert (application.body, application.environ["CONTENT_LENGTH"]) == (b"", "0")
    assert BODY_FAULT not in application.environ


@pytest.mark.parametrize(
    ("headers", "caller", "asked"),
    [
        (("content-length", str(100 * KIB)), Caller(b"x" * 100 * KIB), 0),
        (("transfer-encoding", "chunked"), Caller(*[b"x" * 60 * KIB] * 9), 2),
    ],
)
def test_a_body_that_the_disk_cannot_hold_is_refused_with_the_time_to_come_again(monkeypatch, headers, caller, asked):
    monkeypatch.setattr(incoming.shutil, "disk_usage", lambda path: SimpleNamespace(free=9))
    monkeypatch.setattr(incoming, "MEASURED_EVERY", 100 * KIB)
    application = Application()
    ask(application, caller, headers)
    fault = application.environ[BODY_FAULT]
    assert (fault.status, fault.code, fault.headers) == (503, "disk_full", {"Retry-After": "60"})
    assert (application.body, caller.asked) == (b"", asked)


def test_a_disk_that_fills_up_is_named(monkeypatch):
    def write(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(
        incoming.tempfile, "SpooledTemporaryFile", lambda size: SimpleNamespace(write=write, close=list)
    )
    with pytest.raises(Unavailable) as refused:
        asyncio.run(incoming.whole_body(Caller(b"x").receive, announced=1, limit=9))
    assert refused.value.code == "disk_full"


def test_a_body_above_the_limit_is_refused_before_it_is_read_or_as_soon_as_it_is():
    for header, asked in ((("content-length", "1000"), 0), (("transfer-encoding", "chunked"), 2)):
        application, caller = Application(), Caller(*[b"x" * 60] * 9)
        ask(application, caller, header, limit=100)
        assert application.environ[BODY_FAULT].status == 413
        assert caller.asked == asked


def test_a_client_that_falls_silent_is_given_up(monkeypatch):
    monkeypatch.setattr(incoming, "IDLE_SECONDS", 0.05)
    application = Application()
    ask(application, Caller(b"x", whole=False, silent=True), ("content-length", "9"))
    assert (application.environ[BODY_FAULT].status, application.environ[BODY_FAULT].code) == (408, "too_slow")


def test_a_client_that_drips_is_given_up_and_one_at_the_floor_is_not(monkeypatch):
    monkeypatch.setattr(incoming, "GRACE_SECONDS", 0.1)
    application, slow = Application(), Caller(*[b"x"] * 100, pause=0.02)
    ask(application, slow, ("content-length", "100"))
    assert application.environ[BODY_FAULT].code == "too_slow"
    assert 3 < slow.asked < 20
    application = Application()
    ask(application, Caller(*[b"x" * KIB] * 20, pause=0.02), ("content-length", str(20 * KIB)))
    assert len(application.body) == 20 * KIB


def test_the_environment_has_the_bytes_of_the_path_and_all_headers():
    application = Application()
    ask(
        application, Caller(), ("cookie", "a=1"), ("x-a", "1"), ("x-a", "2"), ("content-type", "text/csv"),
        path="/客户/%E5%BC%A0%FF".encode(), method="GET",
    )  # fmt: skip
    environ = application.environ
    assert environ["PATH_INFO"].encode("latin-1") == "/客户/张".encode() + b"\xff"
    assert (environ["HTTP_X_A"], environ["CONTENT_TYPE"], environ["QUERY_STRING"]) == ("1,2", "text/csv", "a=1")
    assert environ["REMOTE_ADDR"] == "10.0.0.1"


@pytest.mark.parametrize(
    ("target", "path"),
    [(b"http://127.0.0.1/livez", "/livez"), (b"http://127.0.0.1", "/"), (b"*", "*"), (b"//evil/x", "//evil/x")],
)
def test_the_path_is_that_of_the_target_in_any_form(target, path):
    application = Application()
    ask(application, Caller(), path=target, method="GET")
    assert application.environ["PATH_INFO"] == path


def test_a_large_answer_waits_on_disk_for_its_client():
    caller = Caller()
    ask(Application([b"y" * 300 * KIB] * 10), caller, method="GET")
    assert caller.body == b"y" * 3000 * KIB
    assert len(caller.answer) > 3


def test_a_file_is_sent_from_a_handle_of_its_own():
    file = tempfile.TemporaryFile()  # noqa: SIM115
    file.write(b"z" * 700 * KIB)
    file.seek(0)
    caller = Caller()
    ask(Application(lambda environ: environ["wsgi.file_wrapper"](file)), caller, method="GET")
    assert caller.body == b"z" * 700 * KIB
    assert file.closed


def test_a_file_without_a_handle_is_read():
    caller = Caller()
    ask(Application(lambda environ: environ["wsgi.file_wrapper"](io.BytesIO(b"abc"))), caller, method="GET")
    assert caller.body == b"abc"


def test_an_answer_that_nobody_takes_is_given_up(monkeypatch):
    monkeypatch.setattr(outgoing, "PIECE_SECONDS", 0.05)

    class Deaf(Caller):
        async def send(self, message: dict) -> None:
            await asyncio.sleep(60 if message.get("body") else 0)
            self.answer.append(message)

    for answer in ([b"short"], [b"y" * 300 * KIB] * 10):
        caller = Deaf()
        ask(Application(answer), caller, method="GET")
        assert caller.body == b""


def test_the_answer_to_head_is_the_head_of_the_application():
    caller = Caller()
    ask(Application([b"what GET would give"]), caller, method="HEAD")
    assert (caller.answer[0]["headers"], caller.body) == ([(b"content-type", b"text/plain")], b"")
