"""The ways out: what they say of each message, and what they can be asked."""

import json
import smtplib
import stat
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from campaigns.messages import gateways
from campaigns.messages.gateways.base import Known, Outcome, Outgoing
from campaigns.messages.gateways.console import ConsoleGateway
from campaigns.messages.gateways.fake import FakeGateway
from campaigns.messages.gateways.file import FileGateway
from campaigns.messages.gateways.http import HttpGateway
from campaigns.messages.gateways.smtp import SmtpGateway
from campaigns.messages.states import State


def batch(*numbers, channel="sms"):
    return [Outgoing(f"M{n}", channel, f"100{n}", f"text {n}", f"subject {n}") for n in numbers]


def test_every_gateway_of_a_channel_is_there(settings, monkeypatch):
    monkeypatch.setenv("MESSAGE_HTTP_URL", "http://127.0.0.1:1/m")
    monkeypatch.setenv("MESSAGE_SMPP_HOST", "127.0.0.1")
    gateways.gateway.cache_clear()
    for names in gateways.OF_CHANNEL.values():
        assert [gateways.gateway(name).name for name in names] == list(names)
    gateways.gateway.cache_clear()
    assert gateways.gateway_name("sms") == "file"  # nothing leaves the machine unless somebody says so
    with pytest.raises(KeyError):
        gateways.gateway("pigeon")


def test_the_file_holds_each_message_and_can_be_asked(tmp_path):
    way = FileGateway(tmp_path / "out" / "sent.ndjson")
    assert way.ask({"M1": ""}) == {"M1": None}
    results = way.send(batch(1, 2), seconds=1)
    assert {result.outcome for result in results.values()} == {Outcome.ACCEPTED}
    lines = [json.loads(line) for line in way.path.read_text().splitlines()]
    assert [(line["reference"], line["to"], line["text"]) for line in lines] == [
        ("M1", "1001", "text 1"), ("M2", "1002", "text 2"),
    ]  # fmt: skip
    assert stat.S_IMODE(way.path.stat().st_mode) == 0o600
    with way.path.open("a") as file:
        file.write('{"reference": "M3"')  # a process was killed in the middle of a line
    assert way.ask({"M2": "", "M3": ""}) == {"M2": Known(State.SENT), "M3": None}


def test_the_console_masks_the_number(caplog, capsys):
    assert ConsoleGateway().send([Outgoing("M1", "sms", "13812345678", "Hi")], seconds=1)["M1"].outcome == "accepted"
    assert "13812345678" not in capsys.readouterr().out + caplog.text


class Refusing(EmailBackend):
    """Does with a mail what its address says."""

    def send_messages(self, messages):
        for one in messages:
            name = one.to[0].partition("@")[0]
            if name == "full":
                raise smtplib.SMTPRecipientsRefused({one.to[0]: (452, b"mailbox full")})
            if name == "nobody":
                raise smtplib.SMTPRecipientsRefused({one.to[0]: (550, b"no such user")})
            if name == "broken":
                raise smtplib.SMTPServerDisconnected("gone")
        return super().send_messages(messages)


class Absent(EmailBackend):
    def open(self):
        raise ConnectionRefusedError("nobody there")


def test_mail_goes_out_with_our_number(settings):
    one = Outgoing("M1", "email", "li@example.com", "Text", "Subject")
    assert SmtpGateway().send([one], seconds=5)["M1"].outcome == Outcome.ACCEPTED
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Subject", "Text", ["li@example.com"])
    assert sent.extra_headers["Message-ID"].startswith("<M1@")


def test_what_a_mail_server_refuses(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    people = ("full", "nobody", "li", "broken", "wang")
    mails = [Outgoing(name, "email", f"{name}@example.com", "t", "s") for name in people]
    results = SmtpGateway().send(mails, seconds=5)
    assert {name: result.outcome for name, result in results.items()} == {
        "full": Outcome.BUSY, "nobody": Outcome.REJECTED, "li": Outcome.ACCEPTED, "broken": Outcome.DOUBTFUL,
    }  # fmt: skip
    settings.EMAIL_BACKEND = f"{__name__}.Absent"
    assert SmtpGateway().send(mails[:1], seconds=5)["full"].outcome == Outcome.BUSY


class Site(BaseHTTPRequestHandler):
    """A provider: the last digit of the number says what it does."""

    got: list[tuple[str, str, dict]] = []  # noqa: RUF012
    STATUSES = {1: 202, 2: 429, 3: 400, 4: 500, 5: 0, 6: 301}  # noqa: RUF012

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append((self.headers["Authorization"], self.headers["Idempotency-Key"], body))
        status = self.STATUSES[int(body["to"][-1])]
        if not status:
            self.close_connection = True
            self.connection.close()
            return
        self._answer(status, {"id": f"H{body['reference']}", "detail": "as told"})

    def do_GET(self):
        number = self.path.rpartition("/")[2]
        known = {
            "M1": (200, {"id": "HM1", "state": "delivered"}), "M2": (404, {}), "M3": (503, {}), "M4": (200, {}),
        }  # fmt: skip
        self._answer(*known[number])

    def _answer(self, status, body):
        octets = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(octets)))
        if status == 301:  # noqa: PLR2004
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    Site.got = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/messages"
    server.shutdown()


def test_what_an_http_provider_answers(site):
    way = HttpGateway(site, "secret", timeout=2)
    results = way.send(batch(1, 2, 3, 4, 5, 6), seconds=5)
    assert {name: result.outcome for name, result in results.items()} == {
        "M1": Outcome.ACCEPTED, "M2": Outcome.BUSY, "M3": Outcome.REJECTED, "M4": Outcome.DOUBTFUL,
        "M5": Outcome.DOUBTFUL, "M6": Outcome.REJECTED,
    }  # fmt: skip
    assert results["M1"].provider_ref == "HM1"
    assert results["M3"].detail == "HTTP 400 as told"
    assert len(Site.got) == 6  # nothing was tried twice, and no redirect followed
    assert {(key, number) for key, number, _body in Site.got} == {("Bearer secret", f"M{n}") for n in range(1, 7)}
    assert way.send(batch(1), seconds=0)["M1"].outcome == Outcome.NOT_TRIED


def test_an_http_provider_is_asked(site):
    way = HttpGateway(site, timeout=2)
    assert way.ask({"M1": "", "M2": "", "M3": "", "M4": ""}) == {"M1": Known(State.DELIVERED, "HM1"), "M2": None}


def test_an_http_provider_that_is_away_has_taken_nothing():
    way = HttpGateway("http://127.0.0.1:1/m", timeout=1)
    assert way.send(batch(1), seconds=5)["M1"].outcome == Outcome.BUSY
    assert way.ask({"M1": ""}) == {}


def test_the_fake_provider_repeats_itself_and_remembers(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_PROVIDER_TROUBLE", "60")
    monkeypatch.setenv("FAKE_PROVIDER_LATENCY_MS", "0")
    first, second = FakeGateway(tmp_path / "a"), FakeGateway(tmp_path / "b")
    many = batch(*range(300))
    results = first.send(many, seconds=5)
    assert results == second.send(many, seconds=5)
    assert {result.outcome for result in results.values()} >= {
        Outcome.ACCEPTED, Outcome.BUSY, Outcome.REJECTED, Outcome.DOUBTFUL,
    }  # fmt: skip
    told = first.ask({name: "" for name in results})
    doubtful = {name for name, result in results.items() if result.outcome == Outcome.DOUBTFUL}
    assert {told[name] is None for name in doubtful} == {True, False}  # some it has taken, some it has lost
    assert all(told[name] for name, result in results.items() if result.outcome == Outcome.ACCEPTED)
    receipts = []
    first.poll(receipts.append)
    states = [row.state for one in receipts for row in one.receipts]
    assert {State.DELIVERED, State.FAILED} == set(states)
    assert FakeGateway(tmp_path / "a").ask({"M0": ""}) == {"M0": told["M0"]}  # another process
