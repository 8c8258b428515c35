"""A bad row is rejected with every field that is wrong and why; the good rows of the file land."""

import pytest

from customers.facts.models import Bill, Plan, UsageDay
from customers.ingest.models import QuarantinedRow
from customers.ingest.services.files import load_file
from customers.ingest.services.loading import load_table
from retention.core.errors import Invalid, NotFound
from tests.customers.ingest.rows import NOW, PLAN, bill, send, subscriber, table, usage, usage_csv

pytestmark = pytest.mark.django_db

CASES = [
    ("usage-days", usage(voice_out_s="abc"), "voice_out_s", "not_an_integer"),
    ("usage-days", usage(voice_out_s="-1"), "voice_out_s", "negative"),
    ("usage-days", usage(data_mb="1e400"), "data_mb", "out_of_range"),
    ("usage-days", usage(day="2026-02-30"), "day", "no_such_date"),
    ("usage-days", usage(day="2026-11-25"), "day", "in_future"),
    ("usage-days", usage(day="1999-12-31"), "day", "out_of_range"),
    ("usage-days", usage(subscriber_no=" "), "subscriber_no", "required"),
    ("usage-days", usage(subscriber_no="S" * 41), "subscriber_no", "too_long"),
    ("bills", bill(total="12,50"), "total", "not_a_number"),
    ("bills", bill(month="2026-13"), "month", "no_such_date"),
    ("subscribers", subscriber(status="gone"), "status", "not_a_choice"),
    ("subscribers", subscriber(terminated_on="2023-12-31"), "terminated_on", "wrong_order"),
    ("plans", PLAN | {"is_bundle": "perhaps"}, "is_bundle", "not_a_flag"),
    (
        "payments",
        {"payment_no": "P", "account_no": "A1", "paid_at": "2026-01-01T10:00", "amount": "1"},
        "paid_at",
        "no_offset",
    ),
    (
        "status-events",
        {"event_no": "E", "subscriber_no": "S1", "at": "2026-12-01T10:00:00+08:00", "kind": "stop"},
        "at",
        "in_future",
    ),
    (
        "service-contacts",
        {
            "ticket_no": "T",
            "subscriber_no": "S1",
            "opened_at": "2026-01-01T10:00:00+08:00",
            "kind": "fault",
            "severity": "5",
        },
        "severity",
        "out_of_range",
    ),
]


@pytest.mark.parametrize(
    ("resource", "row", "field", "code"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_bad_row_is_rejected_with_field_and_reason(
    operator: None, resource: str, row: dict, field: str, code: str
) -> None:
    result = send(resource, [row])
    assert (result.received, result.rejected, result.applied) == (1, 1, 0)
    assert [(e["row"], e["field"], e["code"]) for e in result.errors] == [(1, field, code)]
    kept = QuarantinedRow.objects.get()
    assert (kept.state, kept.resource, kept.field, kept.code) == ("rejected", resource, field, code)
    assert kept.message.startswith(f"Row 1: {field} is")
    assert kept.raw == {name: value for name, value in row.items() if value is not None}


def test_every_wrong_field_of_a_row_is_named_and_the_neighbours_land(operator: None) -> None:
    result = send("usage-days", [usage(1), usage(2, voice_out_s="x", calls_in="-3"), usage(3)])
    assert result.counts() == {"received": 3, "applied": 2, "unchanged": 0, "waiting": 0, "rejected": 1}
    assert {e["field"] for e in result.errors} == {"voice_out_s", "calls_in"}
    assert result.errors[0]["message"] == "Row 2: voice_out_s is 'x', which is not a whole number."
    assert UsageDay.objects.count() == 2


def test_sentences_are_stored_in_english_whoever_loads(operator: None, settings: object) -> None:
    from django.utils import translation

    with translation.override("zh-hans"):
        result = send("usage-days", [usage(voice_out_s="x")])
    assert "is not a whole number" in result.errors[0]["message"]


def test_a_second_row_of_one_key_with_other_values_is_rejected_and_names_the_first(operator: None) -> None:
    result = send("bills", [bill(total="10"), bill(2), bill(total="11")])
    assert (result.applied, result.rejected) == (2, 1)
    assert result.errors[0]["code"] == "duplicate_key"
    assert result.errors[0]["message"] == "Row 3: subscriber_no S1, month 2026-10 repeats row 1 with other values."
    assert str(Bill.objects.get(subscriber__subscriber_no="S1").total) == "10.00"


def test_a_second_row_of_one_key_that_says_the_same_is_unchanged(operator: None) -> None:
    result = send("bills", [bill(total="10"), bill(total="10.0")])
    assert result.counts() == {"received": 2, "applied": 1, "unchanged": 1, "waiting": 0, "rejected": 0}


def test_of_two_versions_in_one_file_the_higher_lands_in_either_order(operator: None) -> None:
    rows = [bill(1, total="2", source_version="2"), bill(1, total="1", source_version="1")]
    more = [bill(2, total="1", source_version="1"), bill(2, total="2", source_version="2")]
    result = send("bills", rows + more)
    assert result.counts() == {"received": 4, "applied": 2, "unchanged": 2, "waiting": 0, "rejected": 0}
    assert {str(total) for total in Bill.objects.values_list("total", flat=True)} == {"2.00"}


def test_unknown_and_missing_columns_and_resources_are_sentences(operator: None) -> None:
    with pytest.raises(Invalid, match="bills has no column 'totl'. Its columns are: subscriber_no"):
        send("bills", [bill(totl="1")])
    with pytest.raises(Invalid, match="bills needs column 'total'"):
        load_table("bills", table([bill()]).drop_columns(["total"]), source="test", now=NOW)
    with pytest.raises(NotFound, match="There is no resource 'bill'. The resources are: branches"):
        send("bill", [bill()])
    assert not QuarantinedRow.objects.exists()


def test_a_row_of_json_with_an_unknown_field_is_rejected(operator: None, tmp_path: object) -> None:
    file = tmp_path / "bills.ndjson"
    file.write_text(
        '{"subscriber_no":"S1","month":"2026-10","plan_fee":1,"total":2.5,"totl":3}\n'
        '{"subscriber_no":"S2","month":"2026-10","plan_fee":1,"total":2.5}\n{bad\n'
    )
    result = load_file("bills", file, now=NOW)
    assert (result.received, result.applied, result.rejected) == (3, 1, 2)
    assert [(e["row"], e["field"], e["code"]) for e in result.errors] == [
        (1, "totl", "unknown_column"),
        (3, "", "malformed_json"),
    ]


def test_a_row_with_damaged_text_is_rejected_and_the_others_land(operator: None, tmp_path: object) -> None:
    file = tmp_path / "plans.csv"
    header = ",".join(PLAN)
    values = ",".join(PLAN.values())
    file.write_bytes(
        f"{header}\n{values}\n".replace("P1,Plan", "P2,Jos\x00é").encode("latin-1") + f"{values}\n".encode()
    )
    result = load_file("plans", file, now=NOW)
    assert (result.unchanged, result.rejected) == (1, 1)
    assert [(e["row"], e["field"], e["code"]) for e in result.errors] == [(1, "name", "bad_encoding")]
    assert not Plan.objects.filter(code="P2").exists()


def test_gbk_files_land_and_say_so(operator: None, tmp_path: object) -> None:
    file = tmp_path / "plans.csv"
    file.write_bytes(f"{','.join(PLAN)}\n{','.join((PLAN | {'name': '畅享套餐'}).values())}\n".encode("gbk"))
    result = load_file("plans", file, now=NOW)
    assert result.notes == ["The file is not in UTF-8; it was read as GB18030 (GBK)."]
    assert Plan.objects.get(code="P1").name == "畅享套餐"


def test_a_formula_in_a_name_is_only_text(operator: None) -> None:
    assert send("plans", [PLAN | {"name": "=cmd|'/c calc'!A0"}]).applied == 1
    assert Plan.objects.get().name == "=cmd|'/c calc'!A0"


def test_a_file_with_a_header_only_says_that_it_holds_no_rows(operator: None, tmp_path: object) -> None:
    result = load_file("usage-days", usage_csv(tmp_path / "u.csv"), now=NOW)
    assert (result.received, result.notes) == (0, ["The file holds no rows for this resource."])
