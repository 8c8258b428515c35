"""How a batch is written: charsets, broken characters, line ends, and bodies that did not come whole."""

import gzip
import json

import pytest
from django.test import Client

from customers.batches.models import IngestBatch
from customers.facts.models import Plan
from retention.core.middleware import BODY_FAULT
from retention.serving.incoming import cut
from tests.customers.batches.batch_bodies import CSV, JSON, NDJSON, code, loaded, plan, send

pytestmark = pytest.mark.django_db
NAME = "全家畅享套餐"


def as_csv(rows, *, end="\n") -> str:
    return end.join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]) + end


def texts(rows) -> dict[str, str]:
    written = [json.dumps(row, ensure_ascii=False) for row in rows]
    return {CSV: as_csv(rows), NDJSON: "\n".join(written), JSON: f"[{','.join(written)}]"}


@pytest.mark.parametrize("charset", ["gbk", "GB2312", "utf-8", "big5", "utf-16", "UTF-16LE"])
@pytest.mark.parametrize("kind", [CSV, NDJSON, JSON])
def test_the_charset_of_the_content_type_is_read(caller, kind, charset):
    name = NAME if charset != "big5" else "全家"
    body = texts([plan("A", name=name), plan("B", name=name)])[kind].encode(charset)
    found = loaded(caller, send(caller, "plans", body, kind=f"{kind}; charset={charset}"))
    assert (found["state"], found["received"], found["applied"]) == ("loaded", 2, 2)
    assert set(Plan.objects.values_list("name", flat=True)) == {name}


@pytest.mark.parametrize("charset", ["klingon", "utf-7", "latin-1"])
def test_a_charset_that_is_not_read_is_refused(caller, charset):
    answer = send(caller, "plans", as_csv([plan("A")]).encode(), kind=f"{CSV}; charset={charset}")
    assert (answer.status_code, code(answer)) == (415, "unsupported_charset")
    assert not IngestBatch.objects.exists()


def test_the_charset_is_part_of_the_request(caller):
    body = as_csv([plan("A", name=NAME)]).encode()
    assert send(caller, "plans", body, kind=CSV).status_code == 202
    assert code(send(caller, "plans", body, kind=f"{CSV}; charset=gbk")) == "idempotency_key_reused"


@pytest.mark.parametrize("kind", [CSV, f"{CSV}; charset=gbk", NDJSON, f"{NDJSON}; charset=gbk"])
def test_a_broken_character_in_gbk_costs_its_row(caller, kind):
    rows = [plan(f"P{number}", name=NAME) for number in range(10)]
    body = texts(rows)[kind.partition(";")[0]].encode("gbk")
    name = NAME.encode("gbk")
    at = body.index(name, body.index(b"P6"))
    body = body[:at] + b"\xff" + body[at + 1 :]
    found = loaded(caller, send(caller, "plans", body, kind=kind))
    assert (found["state"], found["applied"], found["rejected"]) == ("loaded", 9, 1)
    (bad,) = caller.get(f"batches/{found['id']}/errors").json()["results"]
    assert (bad["row"], bad["field"]) == (7, "name")
    assert set(Plan.objects.values_list("name", flat=True)) == {NAME}


def test_a_broken_character_in_utf8_costs_its_row(caller):
    rows = [plan(f"P{number}", name=NAME) for number in range(10)]
    body = as_csv(rows).encode().replace("畅".encode(), b"\xe7\x95", 1)
    found = loaded(caller, send(caller, "plans", body, kind=CSV))
    assert (found["state"], found["applied"], found["rejected"]) == ("loaded", 9, 1)


@pytest.mark.parametrize("packing", ["deflate", "br", "zstd"])
def test_any_packing_but_gzip_is_refused(caller, packing):
    answer = send(caller, "plans", [plan("A")], Content_Encoding=packing)
    assert (answer.status_code, code(answer)) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (CSV, as_csv([plan("A"), plan("B")], end="\r").encode()),
        (CSV, as_csv([plan("A")]).replace("name", "na\rme", 1).encode()),
        (CSV, as_csv([plan("A")]).replace("name", '"na\rme"', 1).encode()),
        (NDJSON, "\r".join(json.dumps(plan(c)) for c in "AB").encode()),
        (f"{CSV}; charset=utf-16", as_csv([plan("A")], end="\r").encode("utf-16")),
    ],
)
def test_line_ends_that_are_carriage_returns_are_refused(caller, kind, body):
    answer = send(caller, "plans", body, kind=kind)
    assert (answer.status_code, code(answer)) == (400, "bad_line_ends")
    assert not IngestBatch.objects.exists()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_last_line_of_a_whole_body_needs_no_end(caller, end):
    body = as_csv([plan("A"), plan("B", monthly_fee="1234.50")], end=end).encode().removesuffix(end.encode())
    assert loaded(caller, send(caller, "plans", body, kind=CSV))["applied"] == 2


def test_a_json_object_may_hold_carriage_returns(caller):
    body = json.dumps(plan("A"), indent=1).replace("\n", "\r").encode()
    assert loaded(caller, send(caller, "plans", body, kind=NDJSON))["applied"] == 1


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_that_did_not_come_whole_is_nothing_and_leaves_its_key_free(caller, packed):
    body = as_csv([plan("A"), plan("B", monthly_fee="1234.50")]).encode()
    body = gzip.compress(body) if packed else body
    sent = {"Authorization": f"Bearer {caller.key}", "Idempotency-Key": "once"}
    fault = {BODY_FAULT: cut()}
    answer = Client().generic("POST", "/api/v1/batches/plans", b"", content_type=CSV, headers=sent, **fault)
    assert (answer.status_code, code(answer)) == (400, "body_cut")
    assert not IngestBatch.objects.exists()
    assert loaded(caller, send(caller, "plans", body, kind=CSV, key="once"))["applied"] == 2
