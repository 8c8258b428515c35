"""Numbers are exact or refused: keys, money and counts keep every digit that was written."""

import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customers.declarations import EVENTS_WRITE, FACTS_WRITE
from customers.facts.models import Balance, Bill, Payment, StatusEvent
from customers.ingest import field_types
from customers.ingest.services.files import load_file
from customers.ingest.services.mapping.document import parse_mapping
from tests.api import make_client
from tests.customers.batches.batch_bodies import CSV, JSON, loaded
from tests.customers.batches.batch_bodies import send as post
from tests.customers.ingest.rows import NOW, bill, send

pytestmark = pytest.mark.django_db
PAYMENT = '{"payment_no": %s, "account_no": "A1", "paid_at": "2026-10-01T09:30:00+08:00", "amount": %s}'
LONG = ("18446744073709551616", "18446744073709551617")


@pytest.mark.parametrize("kind", ["application/x-ndjson", JSON, CSV])
def test_two_payments_with_long_whole_numbers_stay_two(operator: None, kind: str) -> None:
    rows = [PAYMENT % (number, 12.5) for number in LONG]
    cells = "\n".join(f"{number},A1,2026-10-01T09:30:00+08:00,12.5" for number in LONG)
    bodies = {JSON: f"[{','.join(rows)}]", CSV: f"payment_no,account_no,paid_at,amount\n{cells}\n"}
    caller = make_client(FACTS_WRITE)
    found = loaded(caller, post(caller, "payments", bodies.get(kind, "\n".join(rows)).encode(), kind=kind))
    assert (found["applied"], found["rejected"]) == (2, 0)
    assert set(Payment.objects.values_list("payment_no", flat=True)) == set(LONG)


def test_a_put_of_a_long_whole_number_is_the_row_of_its_address(operator: None) -> None:
    answer = make_client(FACTS_WRITE).put(f"payments/{LONG[1]}", (PAYMENT % (LONG[1], '"1.50"')).encode())
    assert (answer.status_code, answer.json()["key"]) == (201, {"payment_no": LONG[1]})
    assert Payment.objects.get().payment_no == LONG[1]


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("1234567890.12", "1234567890.12"),
        ("0.1", "0.10"),
        ("5", "5.00"),
        ('"12.500"', "12.50"),
        ("1.20e1", "12.00"),
        ("-3.10", "-3.10"),
    ],
)
def test_money_is_kept_to_the_cent(operator: None, amount: str, kept: str) -> None:
    answer = make_client(FACTS_WRITE).put("payments/Z1", (PAYMENT % ('"Z1"', amount)).encode())
    assert (answer.status_code, str(Payment.objects.get().amount)) == (201, kept)


@pytest.mark.parametrize(
    "amount",
    [
        "12.345",
        '"12.345"',
        '"0.001"',
        "99.99999999999999999",
        '"99.999999999999999999999999999999"',
        "1.2345e1",
        '"１.２３４"',
    ],
)
def test_money_with_more_decimals_is_refused_not_rounded(operator: None, amount: str) -> None:
    answer = make_client(FACTS_WRITE).put("payments/Z1", (PAYMENT % ('"Z1"', amount)).encode())
    (detail,) = answer.json()["error"]["details"]
    assert (answer.status_code, detail["field"], detail["code"]) == (422, "amount", "too_many_decimals")
    assert detail["message"].endswith("which has more than 2 decimals.")
    assert not Payment.objects.exists()


def test_a_column_of_floats_is_held_to_the_same_rule() -> None:
    kind = field_types.Decimal()
    parsed = kind.read(pa.array([12.35, 0.29, 12.345, 1234567890.12, None, 1e9 + 0.01]))
    assert [(code, list(places)) for code, places in parsed.faults] == [("too_many_decimals", [2])]
    exact = kind.read(pa.array([Decimal("12.3400"), Decimal("12.3450")]))
    assert [(code, list(places)) for code, places in exact.faults] == [("too_many_decimals", [1])]


def test_rates_have_four_decimals() -> None:
    parsed = field_types.Decimal(low=0, digits=10, places=4).read(pa.array(["0.0833", "0.08333"]))
    assert [(code, list(places)) for code, places in parsed.faults] == [("too_many_decimals", [1])]


def test_a_key_does_not_depend_on_its_neighbours_in_the_column(operator: None) -> None:
    lines = [PAYMENT % (number, "1.00") for number in ("13800", "13801.0", '"13802"')]
    caller = make_client(FACTS_WRITE)
    loaded(caller, post(caller, "payments", "\n".join(lines).encode(), key="mixed"))
    loaded(caller, post(caller, "payments", "\n".join(lines[:2]).encode(), key="numbers"))
    loaded(caller, post(caller, "payments", lines[1].encode(), key="alone"))
    assert set(Payment.objects.values_list("payment_no", flat=True)) == {"13800", "13801", "13802"}


def test_keys_of_a_table_of_floats(tmp_path: Path, operator: None) -> None:
    at = pa.array(["2026-10-01T09:30:00+08:00"] * 3)
    columns = {"account_no": pa.array(["A1"] * 3), "paid_at": at, "amount": pa.array([1.5, 2.0, 3.25])}
    pq.write_table(pa.table({"payment_no": pa.array([13800.0, 1.0e16, 7.0]), **columns}), tmp_path / "p.parquet")
    result = load_file("payments", tmp_path / "p.parquet", now=NOW)
    assert [(error["row"], error["code"]) for error in result.errors] == [(2, "lost_digits")]
    numbers = pa.array([Decimal("12345678901234567890.00"), Decimal("2.00"), Decimal("3.00")])
    pq.write_table(pa.table({"payment_no": numbers, **columns}), tmp_path / "d.parquet")
    load_file("payments", tmp_path / "d.parquet", now=NOW)
    assert set(Payment.objects.values_list("payment_no", flat=True)) == {"13800", "7", "12345678901234567890", "2", "3"}


def test_a_time_that_no_calendar_has_costs_its_row_alone(tmp_path: Path, operator: None) -> None:
    at = pa.array([10**18, 1790818200 * 10**6, -(10**17)], pa.timestamp("us", tz="UTC"))
    columns = {"payment_no": ["Z1", "Z2", "Z3"], "account_no": ["A1"] * 3, "amount": ["5"] * 3}
    pq.write_table(pa.table(columns | {"paid_at": at}), tmp_path / "p.parquet")
    result = load_file("payments", tmp_path / "p.parquet", now=NOW)
    assert [(error["row"], error["code"]) for error in result.errors] == [(1, "out_of_range"), (3, "out_of_range")]
    assert Payment.objects.get().payment_no == "Z2"


def test_numbers_inside_a_detail_keep_their_digits(operator: None) -> None:
    detail = '{"order":123456789012345678901234567890,"rate":0.12345678901234567890,"n":[1e3]}'
    event = '{"event_no":"E1","subscriber_no":"S1","at":"2026-10-01T09:30:00+08:00","kind":"stop","detail":%s}'
    answer = make_client(EVENTS_WRITE).post("events", (event % detail).encode())
    assert (answer.status_code, answer.json()["applied"]) == (200, 1)
    from django.db.models import TextField
    from django.db.models.functions import Cast

    kept = StatusEvent.objects.annotate(text=Cast("detail", TextField())).get().text
    assert json.loads(kept, parse_float=str) == {
        "order": int("1234567890" * 3),
        "rate": "0.12345678901234567890",
        "n": [1000],
    }


@pytest.mark.parametrize("flag", [0.5, 2, "0.5"])
def test_a_flag_is_not_cut_to_a_whole_number(flag: object) -> None:
    assert [code for code, _places in field_types.Flag().read(pa.array([flag])).faults] == ["not_a_flag"]


MAPPING = {
    "columns": {
        "subscriber_no": "no", "month": {"value": "2026-10"}, "plan_fee": "fee",
        "total": {"from": "cents", "divide": 100},
    }
}  # fmt: skip


def test_money_that_a_mapping_makes_is_rounded_half_away_from_zero_and_noted(operator: None, tmp_path: Path) -> None:
    file = tmp_path / "bills.csv"
    file.write_text("no,fee,cents\nS1,12.345,1000.5\nS2,-0.005,200\nS3,7.10,300\n")
    result = load_file("bills", file, mapping=parse_mapping(MAPPING, name="m"), now=NOW)
    assert (result.applied, result.rejected) == (3, 0)
    stored = {b.subscriber.subscriber_no: (str(b.plan_fee), str(b.total)) for b in Bill.objects.all()}
    assert stored == {"S1": ("12.35", "10.01"), "S2": ("-0.01", "2.00"), "S3": ("7.10", "3.00")}
    assert result.notes == [
        "plan_fee: 2 values had more than 2 decimals and were rounded (halves away from zero).",
        "total: 1 values had more than 2 decimals and were rounded (halves away from zero).",
    ]


def test_without_a_mapping_a_file_is_held_to_the_rule_of_the_api(operator: None, tmp_path: Path) -> None:
    file = tmp_path / "balances.csv"
    file.write_text("account_no,day,balance\nA1,2026-10-01,1.005\nA2,2026-10-01,1.00\n")
    result = load_file("balances", file, now=NOW)
    assert [(error["row"], error["code"]) for error in result.errors] == [(1, "too_many_decimals")]
    assert (Balance.objects.count(), result.notes) == (1, [])


def test_a_whole_number_too_long_for_a_count_is_refused(operator: None) -> None:
    result = send("bills", [bill(total="1" * 30)])
    assert [(error["field"], error["code"]) for error in result.errors] == [("total", "out_of_range")]
