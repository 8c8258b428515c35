"""SMPP 3.4 with a small message centre of the tests' own."""

import time

import pytest

from campaigns.messages.gateways.base import Incoming, Outcome, Outgoing, ReceiptRow
from campaigns.messages.gateways.smpp import SmppGateway
from campaigns.messages.rules import encode_gsm
from campaigns.messages.states import State
from tests.campaigns.messages.smsc import INVALID_DESTINATION, THROTTLED, Smsc, message_state, receipt_id


@pytest.fixture
def smsc():
    made = Smsc()
    yield made
    made.close()


@pytest.fixture
def way(smsc):
    made = SmppGateway("127.0.0.1", smsc.port, timeout=0.5)
    yield made
    made.close()


def sms(number, text="Hello", reference=""):
    return Outgoing(reference or f"M{number}", "sms", number, text)


def poll(way):
    """What comes in the half second after binding."""
    found = []
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        way.poll(found.append)
        time.sleep(0.02)
    return found


def test_short_and_long_texts_arrive_as_written(way, smsc):
    long_zh, long_gsm = "我" * 66 + "😀" + "们" * 10, "a" * 152 + "€" + "b" * 20
    batch = [sms("1", "Hi €5"), sms("2", "您好"), sms("3", long_zh), sms("4", long_gsm)]
    results = way.send(batch, seconds=5)
    assert {result.outcome for result in results.values()} == {Outcome.ACCEPTED}
    by_number = {}
    for one in smsc.submitted:
        by_number.setdefault(one.to, []).append(one)
    (first,), (second,) = by_number["1"], by_number["2"]
    assert (first.octets, first.data_coding, first.esm_class, first.registered) == (encode_gsm("Hi €5"), 0, 0, 1)
    assert (second.octets.decode("utf-16-be"), second.data_coding) == ("您好", 8)
    assert [one.octets[:3] + one.octets[4:6] for one in by_number["3"]] == [b"\5\0\3\2\1", b"\5\0\3\2\2"]
    assert len({one.octets[3] for one in by_number["3"]}) == 1
    assert "".join(one.octets[6:].decode("utf-16-be") for one in by_number["3"]) == long_zh
    assert b"".join(one.octets[6:] for one in by_number["4"]) == encode_gsm(long_gsm)
    assert all(len(one.octets) <= 140 for one in by_number["3"])
    assert [one.esm_class for one in by_number["4"]] == [0x40, 0x40]
    assert [one.registered for one in by_number["4"]] == [0, 1]  # one receipt a message
    assert results["M4"].provider_ref == f"id-{len(smsc.submitted)}"


def test_what_the_centre_says_of_each_message(way, smsc):
    smsc.statuses = {"2": [THROTTLED], "3": [INVALID_DESTINATION], "4": [0, INVALID_DESTINATION]}
    results = way.send([sms("1"), sms("2"), sms("3"), sms("4", "x" * 200), sms("5")], seconds=5)
    assert [results[f"M{n}"].outcome for n in range(1, 6)] == [
        Outcome.ACCEPTED, Outcome.BUSY, Outcome.REJECTED, Outcome.DOUBTFUL, Outcome.ACCEPTED,
    ]  # fmt: skip
    assert "0x0B" in results["M3"].detail


def test_no_answer_is_a_doubt_and_the_next_batch_binds_anew(way, smsc):
    smsc.silent = {"2"}
    results = way.send([sms("1"), sms("2")], seconds=5)
    assert (results["M1"].outcome, results["M2"].outcome) == (Outcome.ACCEPTED, Outcome.DOUBTFUL)
    assert way.send([sms("3")], seconds=5)["M3"].outcome == Outcome.ACCEPTED
    assert not way.can_ask


def test_a_window_of_calls_is_not_exceeded(way, smsc):
    batch = [sms(str(n)) for n in range(100)]
    results = way.send(batch, seconds=5)
    assert len(results) == 100
    assert {result.outcome for result in results.values()} == {Outcome.ACCEPTED}


def test_after_its_time_nothing_is_begun(way, smsc):
    assert way.send([sms("1")], seconds=0) == {}
    assert smsc.submitted == []


def test_a_centre_that_is_away_or_refuses_takes_nothing(smsc):
    smsc.refuses_binds = True
    way = SmppGateway("127.0.0.1", smsc.port, timeout=0.5)
    assert way.send([sms("1")], seconds=5)["M1"].outcome == Outcome.BUSY
    smsc.close()
    gone = SmppGateway("127.0.0.1", 1, timeout=0.5)
    assert gone.send([sms("1")], seconds=5)["M1"].outcome == Outcome.BUSY
    assert poll(gone) == []


def test_receipts_and_replies_are_handed_on_and_acknowledged(way, smsc):
    text = b"id:7 sub:001 dlvrd:001 submit date:2611201000 done date:2611201001 stat:DELIVRD err:000 text:x"
    smsc.deliver(sender="1", octets=text, esm_class=4)
    smsc.deliver(sender="1", octets=b"", esm_class=4, extra=receipt_id("8") + message_state(5))
    smsc.deliver(sender="1", octets=b"id:9 stat:ENROUTE err:000", esm_class=4)  # still under way
    smsc.deliver(sender="13800000001", octets="退订".encode("utf-16-be"), coding=8)
    smsc.deliver(sender="13800000002", octets=encode_gsm("TD"))
    found = poll(way)
    assert [one.receipts for one in found if one.receipts] == [
        [ReceiptRow(State.DELIVERED, provider_ref="7", detail="err:000")], [ReceiptRow(State.FAILED, provider_ref="8")],
    ]  # fmt: skip
    replies = [reply for one in found for reply in one.replies]
    assert [(one.sender, one.text, one.channel) for one in replies] == [
        ("13800000001", "退订", "sms"), ("13800000002", "TD", "sms"),
    ]  # fmt: skip
    assert len({one.reply_no for one in replies}) == 2
    assert smsc.acknowledged == [0] * 5


def test_what_could_not_be_written_down_is_not_acknowledged(way, smsc):
    smsc.deliver(sender="13800000001", octets=b"T")

    def fails(incoming: Incoming) -> None:
        raise OSError("no database")

    until = time.monotonic() + 2
    while not smsc.acknowledged and time.monotonic() < until:
        way.poll(fails)
        time.sleep(0.02)
    assert smsc.acknowledged == [0x64]  # a temporary error: the centre sends it again
