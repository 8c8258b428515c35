import socket
import threading
import time

import pytest

from retention.core.errors import Invalid
from retention.core.webhooks import validators
from retention.core.webhooks.services import sending
from retention.core.webhooks.services.relay import deliver_due
from retention.core.webhooks.services.signing import Message
from tests.core.webhooks.hooks import make_hook, states, tell
from tests.factories import NOW

MESSAGE = Message(event_id="1", event="test", subject="test", at=NOW, data={})


@pytest.fixture
def strict(settings):
    """The rules of an operated server."""
    settings.TESTING = settings.LOCAL = settings.DEBUG = False


@pytest.fixture
def names(monkeypatch):
    """A name server: a dict of name to addresses."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host, port, family=0, type=0):
        found = []
        for number in known.get(host, [host]):
            try:
                found += real(number, port, family, type, flags=socket.AI_NUMERICHOST)
            except socket.gaierror:
                raise socket.gaierror(f"{host} is not known") from None
        return found

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize("url", [
    "", "hooks.example", "ftp://hooks.example/", "https://", "https:///path", "https://user:secret@hooks.example/",
    "https://hooks.example/#part", "https://hooks.example:99999/", "https://hooks.example:0/", "https://hooks.example:x/",
    "https://[::1/", "https://[host]/", "https://ho st/", "https://hooks.example/\r\nX: 1", "https://hooks.example/\0",
    "https://.example/", "https://münchen.example/", f"https://hooks.example/{'a' * 500}", None, 7,
])  # fmt: skip
def test_what_is_no_address_is_refused(url):
    with pytest.raises(Invalid) as error:
        validators.check_target(url)
    assert error.value.details[0]["field"] == "url"


@pytest.mark.parametrize("host", [
    "127.0.0.1", "localhost", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[64:ff9b:1::a00:1]", "[::127.0.0.1]", "[::ffff:0:10.0.0.1]", "[fec0::1]", "[5f00::1]",
    "[3fff::1]", "[ff02::1]", "[2001::1]", "224.0.0.1", "2130706433", "0x7f.1", "127.1",
])  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(strict, host):
    with pytest.raises(Invalid) as error:
        validators.check_target(f"https://{host}/hook")
    assert error.value.code == "private_address"


def test_only_https_outside_of_the_demo(strict, names):
    names["hooks.example"] = ["8.8.8.8"]
    assert validators.check_target("https://hooks.example/in?a=1") == validators.Target(
        "hooks.example", 443, "/in?a=1", True
    )
    with pytest.raises(Invalid, match="https"):
        validators.check_target("http://hooks.example/in")


def test_a_name_that_leads_inside_is_refused_unless_the_operator_lists_it(strict, names, settings):
    names["billing.example"] = ["8.8.8.8", "10.0.0.5"]
    with pytest.raises(Invalid):
        validators.check_target("https://billing.example/")
    settings.WEBHOOK_HOSTS = ["billing.example"]
    assert validators.check_target("https://billing.example/").host == "billing.example"


def test_a_name_that_changes_its_address_later_is_caught_when_sending(db, strict, names, monkeypatch):
    names["hooks.example"] = ["8.8.8.8"]
    hook = make_hook(url="https://hooks.example/in")
    names["hooks.example"] = ["127.0.0.1"]
    monkeypatch.setattr(socket, "create_connection", lambda *args, **options: pytest.fail("it was connected"))
    tell("S1", 1)
    deliver_due(now=NOW)
    assert states(hook.webhook) == ["pending"]
    assert "private" in hook.webhook.deliveries.get().last_error


def test_the_request_goes_to_the_address_that_was_checked(receiver, names):
    """One look-up only: a second one could give another answer."""
    names["hooks.example"] = ["127.0.0.1"]
    answer = sending.post(url=f"http://hooks.example:{receiver.port}/in", secrets=["s"], message=MESSAGE, now=NOW)
    assert answer.ok
    assert receiver.headers[0]["host"] == f"hooks.example:{receiver.port}"


def test_an_unknown_name_is_a_failure_with_its_reason(names):
    answer = sending.post(url="http://nowhere.example/", secrets=["s"], message=MESSAGE, now=NOW)
    assert (answer.status, answer.is_down) == (None, True)
    assert "nowhere.example is not known" in answer.error


def test_a_receiver_that_drips_its_answer_is_cut_off(monkeypatch):
    monkeypatch.setattr(sending, "REQUEST_TIMEOUT", 0.5)
    server, url = serve_raw([b"HTTP/1.", *[b"1"] * 50], pause=0.1)
    started = time.monotonic()
    answer = sending.post(url=url, secrets=["s"], message=MESSAGE, now=NOW)
    server.close()
    assert time.monotonic() - started < 2
    assert answer.status is None


def test_no_more_than_a_little_of_a_long_answer_is_read():
    server, url = serve_raw([b"HTTP/1.1 500 Oops\r\nContent-Length: 50000000\r\n\r\n" + b"x\0\n" * 100_000], pause=0)
    answer = sending.post(url=url, secrets=["s"], message=MESSAGE, now=NOW)
    server.close()
    assert answer.status == 500
    assert len(answer.error) <= sending.MAX_ERROR_CHARACTERS
    assert answer.error.startswith("HTTP 500 x x")


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\0" * 100_000])
def test_what_is_no_http_is_a_failure(said):
    server, url = serve_raw([said], pause=0)
    answer = sending.post(url=url, secrets=["s"], message=MESSAGE, now=NOW)
    server.close()
    assert answer.status is None
    assert answer.error


def serve_raw(pieces: list[bytes], *, pause: float) -> tuple[socket.socket, str]:
    """A server that answers one request with these bytes, `pause` seconds between them."""
    server = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        try:
            wire, _address = server.accept()
            with wire:
                wire.recv(65536)
                for piece in pieces:
                    wire.sendall(piece)
                    threading.Event().wait(pause)
        except OSError:
            return

    threading.Thread(target=work, daemon=True).start()
    return server, f"http://127.0.0.1:{server.getsockname()[1]}/"
