"""Facts in bulk over HTTP: what is taken, what is told, what lands."""

import gzip
import json
import zlib
from datetime import timedelta

import pytest

from customers.batches.models import IngestBatch
from customers.batches.services.lifecycle import drop_old_bodies
from customers.batches.services.loading import load_queued
from customers.facts.models import Plan, UsageDay
from retention.core import clock
from tests.api import make_client
from tests.customers.batches.batch_bodies import CSV, JSON, code, lines, loaded, plan, send, usage
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db


def test_a_batch_is_accepted_at_once_and_loaded_by_a_worker(caller):
    answer = send(caller, "plans", [plan("A"), plan("B")])
    assert answer.status_code == 202
    said = answer.json()
    assert (said["resource"], said["state"], said["received"]) == ("plans", "queued", 2)
    assert answer["Location"].endswith(f"/api/v1/batches/{said['id']}")
    assert not Plan.objects.filter(code="A").exists()
    found = loaded(caller, answer)
    assert found["finished_at"] is not None
    assert {name: found[name] for name in ("state", "received", "applied", "unchanged", "waiting", "rejected")} == {
        "state": "loaded", "received": 2, "applied": 2, "unchanged": 0, "waiting": 0, "rejected": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, json.dumps([plan("A"), plan("B")]).encode()),
        ("application/x-ndjson; charset=utf-8", lines([plan("A"), plan("B")]) + b"\n\n"),
        (CSV, ",".join(plan("A")).encode() + b"\n" + b"\n".join(
            ",".join(str(v) for v in plan(c).values()).encode() for c in "AB")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_every_form_packed_or_not(caller, kind, body, packed):
    headers = {"Content_Encoding": "gzip"} if packed else {}
    found = loaded(caller, send(caller, "plans", gzip.compress(body) if packed else body, kind=kind, **headers))
    assert (found["state"], found["received"], found["applied"]) == ("loaded", 2, 2)


def test_bad_rows_are_named_and_the_good_ones_land(caller):
    rows = [plan(f"P{number}") for number in range(10)]
    rows[3]["monthly_fee"] = "-1x"
    body = lines(rows).replace(b'{"code": "P7"', b'{"code" "P7"')
    answer = send(caller, "plans", body)
    found = loaded(caller, answer)
    assert (found["state"], found["applied"], found["rejected"]) == ("loaded", 8, 2)
    fee, torn = caller.get(f"batches/{found['id']}/errors").json()["results"]
    assert (fee["row"], fee["field"], fee["code"], fee["value"]) == (4, "monthly_fee", "not_a_number", "-1x")
    assert fee["raw"]["code"] == "P3"
    assert (torn["row"], torn["code"]) == (8, "malformed_json")
    assert torn["value"].startswith('{"code" "P7"')


def test_more_than_a_fifth_bad_is_held_and_released_or_discarded(caller):
    rows = [plan("A"), plan("B", monthly_fee="x"), plan("C")]
    first, second = send(caller, "plans", rows, key="1"), send(caller, "plans", rows, key="2")
    held = loaded(caller, first)
    assert (held["state"], held["applied"], held["rejected"]) == ("held", 0, 1)
    assert not Plan.objects.filter(code="A").exists()
    assert len(caller.get(f"batches/{held['id']}/errors").json()["results"]) == 1

    released = caller.post(f"batches/{held['id']}/release")
    assert (released.status_code, released.json()["state"]) == (200, "queued")
    assert loaded(caller, first)["applied"] == 2
    assert code(caller.post(f"batches/{held['id']}/release")) == "not_held"

    discarded = caller.post(f"batches/{second.json()['id']}/discard").json()
    assert (discarded["state"], discarded["error"]) == ("failed", "discarded")
    assert len(caller.get(f"batches/{discarded['id']}/errors").json()["results"]) == 1


def test_a_body_nobody_decides_about_is_dropped_after_five_weeks(caller):
    number = loaded(caller, send(caller, "plans", [plan("A", monthly_fee="x")]))["id"]
    assert drop_old_bodies(now=clock.now() + timedelta(days=34)) == 0
    assert drop_old_bodies(now=clock.now() + timedelta(days=36)) == 1
    assert caller.get(f"batches/{number}").json()["state"] == "held"
    assert code(caller.post(f"batches/{number}/release")) == "body_gone"


def test_sending_everything_again_changes_nothing(caller):
    rows = [plan("A"), plan("B")]
    loaded(caller, send(caller, "plans", rows, key="1"))
    found = loaded(caller, send(caller, "plans", rows, key="2"))
    assert (found["applied"], found["unchanged"]) == (0, 2)


def test_the_same_request_again_gives_the_first_answer_to_the_byte(caller):
    first = send(caller, "plans", [plan("A")])
    load_queued()
    again = send(caller, "plans", [plan("A")])
    assert (again.status_code, again.content, again["Location"]) == (202, first.content, first["Location"])
    assert IngestBatch.objects.count() == 1


def test_a_key_used_for_another_body_is_refused(caller):
    send(caller, "plans", [plan("A")])
    answer = send(caller, "plans", [plan("B")])
    assert (answer.status_code, code(answer)) == (422, "idempotency_key_reused")
    assert send(make_client(), "plans", [plan("B")]).status_code == 202  # keys are each client's own


def test_a_batch_needs_its_key(caller):
    answer = caller.post("batches/plans", lines([plan("A")]), Content_Type="application/x-ndjson")
    assert (answer.status_code, code(answer)) == (400, "idempotency_key_missing")


@pytest.mark.parametrize(
    ("resource", "body", "kind", "status", "expected"),
    [
        ("planes", b"{}", JSON, 404, "unknown_resource"),
        ("plans", b"<plan/>", "application/xml", 415, "unsupported_media_type"),
        ("plans", b" ", JSON, 400, "malformed_json"),
        ("plans", b"[]", JSON, 422, "empty_batch"),
        ("plans", b"\n \n", "application/x-ndjson", 422, "empty_batch"),
        ("plans", b'[{"code": "A"', JSON, 400, "malformed_json"),
        ("plans", b" ", CSV, 400, "empty_file"),
        ("plans", b"code,nonsense\nA,1\n", CSV, 422, "unknown_column"),
        ("plans", b"code\nA\n", CSV, 422, "missing_column"),
        ("plans", b'[{"code":"A"},' * 3, JSON, 400, "malformed_json"),
    ],
)
def test_what_cannot_be_a_batch_is_told_at_once(caller, resource, body, kind, status, expected):
    answer = send(caller, resource, body, kind=kind)
    assert (answer.status_code, code(answer)) == (status, expected)
    assert not IngestBatch.objects.exists()


def test_too_much_is_refused_by_rows_by_bytes_and_by_what_a_bomb_unpacks_to(caller):
    assert code(send(caller, "plans", b"{}\n" * 50_001)) == "too_many_rows"
    big = send(caller, "plans", b" " * (40 << 20))
    assert (big.status_code, code(big)) == (413, "too_large")
    bomb = send(caller, "plans", gzip.compress(b" " * (400 << 20), compresslevel=1), Content_Encoding="gzip")
    assert (bomb.status_code, code(bomb)) == (413, "too_large")


@pytest.mark.parametrize("body", [b"not gzip", gzip.compress(b"{}" * 5000, mtime=0)[:-20], zlib.compress(b"{}")])
def test_damaged_gzip_is_told(caller, body):
    answer = send(caller, "plans", body, Content_Encoding="gzip")
    assert (answer.status_code, code(answer)) == (400, "bad_gzip")


def test_too_much_waiting_is_held_off(caller, settings):
    settings.BATCH_ROWS_WAITING = 3
    send(caller, "plans", [plan("A"), plan("B")], key="1")
    answer = send(caller, "plans", [plan("C"), plan("D")], key="2")
    assert (answer.status_code, code(answer)) == (429, "too_much_waiting")
    assert int(answer["Retry-After"]) > 0
    load_queued()
    assert send(caller, "plans", [plan("C"), plan("D")], key="2").status_code == 202


def test_a_client_sees_its_own_batches_only(caller):
    number = send(caller, "plans", [plan("A")]).json()["id"]
    other = make_client()
    for path in (f"batches/{number}", f"batches/{number}/errors"):
        assert other.get(path).status_code == 404
    assert other.post(f"batches/{number}/release").status_code == 404
    assert other.get("batches").json()["results"] == []
    assert [batch["id"] for batch in caller.get("batches").json()["results"]] == [number]
    assert caller.get("batches?state=loaded").json()["results"] == []
    assert caller.get("batches?state=nonsense").status_code == 422


def test_rows_wait_for_what_they_refer_to_and_land_by_themselves(caller):
    line = make_subscriber()
    found = loaded(caller, send(caller, "usage-days", [usage(line.subscriber_no), usage("NEW")], key="1"))
    assert (found["state"], found["applied"], found["waiting"], found["rejected"]) == ("loaded", 1, 1, 0)
    [waits] = caller.get(f"batches/{found['id']}/errors").json()["results"]
    assert (waits["row"], waits["code"], waits["state"]) == (2, "unknown_reference", "waiting")
    assert waits["waits_for"] == {"resource": "subscribers", "key": "NEW"}
    row = {
        "subscriber_no": "NEW", "account_no": line.account.account_no, "phone_number": "10000000001",
        "line_type": "mobile", "plan_code": line.plan.code, "branch_code": line.branch.code, "channel": "outlet",
        "activated_on": "2025-01-01", "status": "active",
    }  # fmt: skip
    loaded(caller, send(caller, "subscribers", [row], key="2"))
    assert UsageDay.objects.filter(subscriber__subscriber_no="NEW").count() == 1
    found = caller.get(f"batches/{found['id']}").json()
    assert (found["applied"], found["waiting"]) == (2, 0)
    assert caller.get(f"batches/{found['id']}/errors").json()["results"] == []


def test_a_bad_row_says_what_is_wrong_in_each_strange_way(caller):
    line = make_subscriber()
    rows = [usage(line.subscriber_no, f"2026-10-{day:02}") for day in range(1, 29)]
    odd = [
        usage(line.subscriber_no, "2026-02-30"),
        usage(line.subscriber_no, "2031-01-01"),
        usage(line.subscriber_no, "2026-09-01", voice_out_s=-5),
        usage(line.subscriber_no, "2026-09-02", data_mb="NaN"),
        usage(line.subscriber_no, "2026-09-03", sms_out=" 7 "),
        usage(line.subscriber_no, "2026-09-04", surprise=1),
        usage(f"{line.subscriber_no}\0", "2026-09-05"),
    ]
    found = loaded(caller, send(caller, "usage-days", [*rows, *odd]))
    errors = {e["row"]: e["code"] for e in caller.get(f"batches/{found['id']}/errors").json()["results"]}
    assert errors == {
        29: "no_such_date", 30: "in_future", 31: "negative", 32: "not_a_number", 34: "unknown_column",
        35: "bad_encoding",
    }  # fmt: skip
    assert found["applied"] == 29
