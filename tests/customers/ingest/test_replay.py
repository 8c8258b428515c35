"""Sending again changes nothing, older versions change nothing, and two loaders of the same rows lose no update."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from customers.facts.models import Bill, UsageDay, UsageMonth
from customers.ingest.models import QuarantinedRow
from customers.ingest.services.files import load_file
from tests.customers.ingest.rows import NOW, bill, make_operator, send, usage, usage_csv

pytestmark = pytest.mark.django_db


def test_a_file_sent_again_changes_nothing_and_keeps_its_bad_rows_once(operator: None, tmp_path: object) -> None:
    file = usage_csv(
        tmp_path / "u.csv",
        "S1,2026-11-01,1,1,1,1,1,1",
        "S2,2026-11-01,x,1,1,1,1,1",
        "S9,2026-11-01,1,1,1,1,1,1",
        "S3,2026-11-01",
    )
    first = load_file("usage-days", file, now=NOW)
    again = load_file("usage-days", file, now=NOW)
    assert first.counts() == {"received": 4, "applied": 1, "unchanged": 0, "waiting": 1, "rejected": 2}
    assert again.counts() == {"received": 4, "applied": 0, "unchanged": 1, "waiting": 1, "rejected": 2}
    assert sorted(QuarantinedRow.objects.values_list("row_no", "state")) == [
        (2, "rejected"),
        (3, "waiting"),
        (4, "rejected"),
    ]


def test_the_corrected_row_lands_and_the_other_bad_rows_stay(operator: None) -> None:
    send("bills", [bill(1, total="x"), bill(2, total="y")], source="first")
    assert send("bills", [bill(1, total="12")], source="second").applied == 1
    assert QuarantinedRow.objects.filter(source="first").count() == 2


def test_another_file_of_the_same_name_does_not_touch_the_rows_kept_of_the_first(
    operator: None, tmp_path: object
) -> None:
    file = usage_csv(tmp_path / "u.csv", "S9,2026-11-01,1,1,1,1,1,1")
    load_file("usage-days", file, now=NOW)
    load_file("usage-days", usage_csv(file, "S8,2026-11-01,1,1,1,1,1,1"), now=NOW)
    assert set(QuarantinedRow.objects.values_list("waits_key", flat=True)) == {"S8", "S9"}


def test_only_rows_that_differ_count_as_applied(operator: None) -> None:
    send("bills", [bill(n) for n in (1, 2, 3)])
    result = send("bills", [bill(1), bill(2, total="99"), bill(3)])
    assert (result.applied, result.unchanged) == (1, 2)


@pytest.mark.parametrize(
    ("stored", "sent", "total"),
    [("5", "4", "1.00"), ("5", "5", "2.00"), ("5", "6", "2.00"), ("5", "", "2.00"), ("", "1", "2.00")],
)
def test_an_older_version_than_the_stored_one_is_unchanged(operator: None, stored: str, sent: str, total: str) -> None:
    send("bills", [bill(total="1", source_version=stored)])
    result = send("bills", [bill(total="2", source_version=sent)])
    assert str(Bill.objects.get().total) == total
    assert result.applied == (total == "2.00")
    assert result.unchanged == (total == "1.00")


def test_a_newer_version_of_the_same_content_still_bars_the_older_ones(operator: None) -> None:
    for version, total in (("1", "1"), ("3", "1"), ("2", "2")):
        send("bills", [bill(total=total, source_version=version)])
    kept = Bill.objects.get()
    assert (str(kept.total), kept.source_version) == ("1.00", 3)


def test_a_row_without_a_version_keeps_the_stored_one(operator: None) -> None:
    send("bills", [bill(source_version="3")])
    send("bills", [bill(total="7")])
    assert Bill.objects.get().source_version == 3


def test_a_month_sent_by_the_operator_wins_over_the_sum_of_days(operator: None) -> None:
    month = {"month": "2026-10"} | {name: value for name, value in usage().items() if name != "day"}
    send("usage-months", [month])
    UsageMonth.objects.update(rolled_up=True)
    assert send("usage-months", [month]).applied == 1
    assert not UsageMonth.objects.get().rolled_up


def test_months_that_got_rows_are_reported(operator: None) -> None:
    result = send("usage-days", [usage(day="2026-10-31"), usage(day="2026-11-01"), usage(2, day="2025-01-15")])
    assert sorted(month.isoformat() for month in result.months) == ["2025-01-01", "2026-10-01", "2026-11-01"]
    assert UsageDay.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_loaders_of_the_same_rows_neither_deadlock_nor_lose_an_update() -> None:
    lines, rounds = 40, 8
    make_operator(lines)

    def load(worker: int) -> int:
        try:
            applied = 0
            for turn in range(rounds):
                version = turn * 2 + worker
                rows = [bill(n, total=str(version), source_version=str(version)) for n in range(1, lines + 1)]
                rows = rows[::-1] if worker else rows
                applied += send("bills", rows, source=f"worker {worker}").applied
            return applied
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(load, [0, 1])) >= lines
    newest = rounds * 2 - 1
    assert set(Bill.objects.values_list("total", "source_version")) == {(newest, newest)}
