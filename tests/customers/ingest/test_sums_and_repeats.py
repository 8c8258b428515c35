"""Rows of a file that share a key: added up where a mapping says so, else the first lands and others are refused."""

import gzip
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from customers.facts.models import Payment, Subscriber, UsageDay
from customers.imports.services.preview import dry_run, preview
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import resource_named
from customers.ingest.services import file_rows, loading
from customers.ingest.services.files import import_job, load_file
from customers.ingest.services.mapping import summing
from customers.ingest.services.mapping.document import parse_mapping
from customers.ingest.services.mapping.steps import BadMapping
from retention.core.errors import Invalid
from retention.core.jobs.services import running
from tests.customers.ingest.rows import NOW, usage_csv

pytestmark = pytest.mark.django_db

CALLS = """id,user_id,call_date,duration
1,S1,01/11/2026,8.52
2,S1,01/11/2026,13.66
3,S1,01/11/2026,14.48
4,S1,02/11/2026,5.76
5,S1,02/11/2026,4.22
"""
DAYS_OF_CALLS = """
resource = "usage-days"
[columns]
subscriber_no = "user_id"
day = { from = "call_date", date_format = "%d/%m/%Y" }
voice_out_s = { from = "duration", multiply = 60, round = 0 }
voice_in_s = { value = 0 }
calls_out = { value = 1 }
calls_in = { value = 0 }
sms_out = { value = 0 }
data_mb = { value = 0 }
"""
SUMS = DAYS_OF_CALLS + '[sum]\nby = ["subscriber_no", "day"]\n'
RECEIPTS = """
resource = "payments"
[columns]
payment_no = "no"
account_no = "acc"
paid_at = { value = "2026-11-02T12:00:00+08:00" }
amount = "amt"
channel = "way"
[sum]
by = ["payment_no"]
"""


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_rows, "CHUNK_ROWS", 2)
    monkeypatch.setattr(summing, "CHUNK_ROWS", 2)
    monkeypatch.setattr(summing, "COMPACT_ROWS", 2)


def mapping_of(toml: str):
    return parse_mapping(tomllib.loads(toml), name="test.toml")


def write(folder: Path, text: str) -> Path:
    path = folder / "rows.csv"
    path.write_text(text)
    return path


def load(folder: Path, text: str, toml: str, resource: str = "usage-days"):
    return load_file(resource, write(folder, text), mapping=mapping_of(toml), now=NOW)


def days() -> list[tuple]:
    return list(UsageDay.objects.order_by("day").values_list("day__day", "voice_out_s", "calls_out"))


def test_a_file_of_single_calls_is_refused_and_nothing_of_it_lands(operator: None, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        load(tmp_path, CALLS, DAYS_OF_CALLS)
    assert refused.value.code == "single_records"
    assert "60.0% of the rows repeat a key with other values" in str(refused.value.message)
    assert "subscriber_no S1, day 2026-11-01 repeats row 1" in str(refused.value.message)
    assert "[sum]" in str(refused.value.message)
    assert not UsageDay.objects.exists()
    assert not QuarantinedRow.objects.exists()


@pytest.mark.parametrize("small", [False, True])
def test_a_mapping_adds_calls_up_to_days(request, operator: None, tmp_path: Path, small: bool) -> None:
    if small:
        request.getfixturevalue("small_chunks")
    result = load(tmp_path, CALLS, SUMS)
    assert days() == [(1, 511 + 820 + 869, 3), (2, 346 + 253, 2)]
    assert (result.received, result.applied, result.rejected, result.last_row) == (2, 2, 0, 5)
    assert "5 rows were added up to 2." in result.notes
    again = load(tmp_path, CALLS, SUMS)
    assert (again.applied, again.unchanged) == (0, 2)


def test_sums_are_exact_and_blanks_add_nothing(operator: None, tmp_path: Path) -> None:
    text = "no,acc,amt,way\n" + "R1,A1,0.1,shop\n" * 3 + "R1,A1,,shop\nR2,A1,9007199254.99,app\nR2,A1,1e-2,app\n"
    load(tmp_path, text, RECEIPTS, "payments")
    amounts = dict(Payment.objects.values_list("payment_no", "amount"))
    assert amounts == {"R1": Decimal("0.30"), "R2": Decimal("9007199255.00")}


def test_a_number_that_cannot_be_read_refuses_its_sum(operator: None, tmp_path: Path) -> None:
    result = load(tmp_path, CALLS.replace("13.66", "long"), SUMS)
    assert days() == [(2, 599, 2)]
    assert result.errors[0]["message"] == "Row 1: voice_out_s is 'long', which is not a whole number."


def test_rows_of_a_key_that_differ_in_words_are_not_added_up(operator: None, tmp_path: Path) -> None:
    text = "no,acc,amt,way\n" + "".join(f"R{n},A1,5,shop\n" for n in range(9)) + "R1,A1,7,app\n"
    result = load(tmp_path, text, RECEIPTS, "payments")
    assert (result.applied, result.rejected) == (9, 1)
    assert result.errors[0]["message"] == "Row 10: payment_no R1 repeats row 2 with other values."


def test_of_a_file_that_breaks_off_no_sum_lands(operator: None, tmp_path: Path) -> None:
    path, calls = tmp_path / "rows.csv.gz", "".join(f"{n},S1,01/11/2026,{n}\n" for n in range(50_000))
    path.write_bytes(gzip.compress((CALLS + calls).encode())[:-20_000])
    result = load_file("usage-days", path, mapping=mapping_of(SUMS), now=NOW)
    assert "ends early" in result.error
    assert (result.received, result.applied) == (0, 0)
    assert not UsageDay.objects.exists()


def test_sums_go_on_after_what_was_committed(operator, small_chunks, tmp_path, monkeypatch) -> None:
    lines = "".join(f"{n},S{n % 3 + 1},0{n // 6 + 1}/11/2026,1\n" for n in range(18))
    path, mapping = write(tmp_path, CALLS.split("\n")[0] + "\n" + lines), mapping_of(SUMS)
    job = import_job("usage-days", path, mapping, today=NOW.date())
    whole, calls = loading.load_chunk, []

    def dies(*args: object, **more: object) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("power cut")
        whole(*args, **more)

    monkeypatch.setattr(loading, "load_chunk", dies)
    with pytest.raises(RuntimeError), running(job):
        load_file("usage-days", path, mapping=mapping, job=job, now=NOW)
    assert UsageDay.objects.count() == 4
    monkeypatch.setattr(loading, "load_chunk", whole)
    with running(job):
        result = load_file("usage-days", path, mapping=mapping, job=job, now=NOW)
    assert set(UsageDay.objects.values_list("voice_out_s", "calls_out")) == {(120, 2)}
    assert (UsageDay.objects.count(), result.received, result.applied) == (9, 9, 9)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('[sum]\nby = ["subscriber_no"]\n', "must name 'day', a part of the key of usage-days"),
        ('[sum]\nby = ["subscriber_no", "day", "hour"]\n', "'hour' is none of the columns"),
        ("[sum]\nby = []\n", "columns that stay apart"),
        ('[sum]\nby = ["subscriber_no", "day"]\nof = ["x"]\n', "columns that stay apart"),
    ],
)
def test_a_wrong_sum_is_told_in_a_sentence(operator: None, tmp_path: Path, toml: str, sentence: str) -> None:
    with pytest.raises(BadMapping, match=sentence):
        load(tmp_path, CALLS, DAYS_OF_CALLS + toml)


def test_equal_rows_are_either_one_or_added_up() -> None:
    with pytest.raises(BadMapping, match="not both"):
        mapping_of("distinct = true" + SUMS)


def usage_lines(*values: tuple[str, str]) -> list[str]:
    """(line and day, seconds)"""
    return [f"{key},{seconds},1,1,1,1,1" for key, seconds in values]


FILLING = [(f"S{n % 3 + 1},2026-11-{n // 3 + 10:02}", "9") for n in range(12)]


@pytest.mark.parametrize("size", [2, 50_000])
def test_a_key_that_repeats_is_compared_over_the_whole_file(operator, tmp_path, monkeypatch, size) -> None:
    monkeypatch.setattr(file_rows, "CHUNK_ROWS", size)
    first, same, other = ("S1,2026-11-01", "5"), ("S1,2026-11-01", "5"), ("S1,2026-11-01", "7")
    path = usage_csv(tmp_path / "u.csv", *usage_lines(first, *FILLING[:6], same, *FILLING[6:], other))
    result = load_file("usage-days", path, now=NOW)
    assert (result.received, result.applied, result.unchanged, result.rejected) == (15, 13, 1, 1)
    assert result.errors[0]["message"] == ("Row 15: subscriber_no S1, day 2026-11-01 repeats row 1 with other values.")
    assert UsageDay.objects.get(subscriber=Subscriber.objects.get(subscriber_no="S1"), day__day=1).voice_out_s == 5


@pytest.mark.parametrize("size", [2, 50_000])
def test_single_records_are_known_over_the_whole_file(operator, tmp_path, monkeypatch, size) -> None:
    monkeypatch.setattr(file_rows, "CHUNK_ROWS", size)
    path = usage_csv(tmp_path / "u.csv", *usage_lines(*[(key, str(n)) for n in range(2) for key, _ in FILLING]))
    with pytest.raises(Invalid, match="50.0% of the rows repeat a key"):
        load_file("usage-days", path, now=NOW)
    assert not UsageDay.objects.exists()


def test_a_file_sent_twice_in_one_is_no_file_of_single_records(operator, small_chunks, tmp_path) -> None:
    path = usage_csv(tmp_path / "u.csv", *usage_lines(*FILLING, *FILLING))
    result = load_file("usage-days", path, now=NOW)
    assert (result.applied, result.unchanged, result.rejected) == (12, 12, 0)


def test_a_newer_version_further_on_lands(operator, small_chunks, tmp_path) -> None:
    lines = [f"{line},1" for line in usage_lines(("S1,2026-11-01", "5"), *FILLING)]
    path = usage_csv(tmp_path / "u.csv", *lines, f"{usage_lines(('S1,2026-11-01', '8'))[0]},2")
    path.write_text(path.read_text().replace("data_mb\n", "data_mb,source_version\n"))
    result = load_file("usage-days", path, now=NOW)
    assert (result.applied, result.rejected) == (14, 0)
    assert UsageDay.objects.get(day__day=1).voice_out_s == 8


def test_the_preview_and_the_check_of_the_whole_file_say_the_same(operator: None, tmp_path: Path) -> None:
    usage, path = resource_named("usage-days"), write(tmp_path, CALLS)
    alone = dry_run(path, usage, mapping_of(DAYS_OF_CALLS), now=NOW)
    assert (alone.good, alone.bad) == (2, 3)
    assert "have to be added up" in " ".join(alone.notes)
    whole = dry_run(path, usage, mapping_of(SUMS), now=NOW)
    assert (whole.good, whole.bad, whole.notes) == (2, 0, ["5 rows were added up to 2."])
    seen = preview(path, usage, mapping_of(SUMS), now=NOW)
    assert [row.cells[2].shown for row in seen.rows] == ["2200", "599"]
