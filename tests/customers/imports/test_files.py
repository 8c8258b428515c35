"""Each file that cannot be imported is refused with a sentence, and nothing of it is kept."""

import gzip
import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from customers.facts.models import Customer
from customers.imports.models import Upload
from customers.imports.services import bounded, storage
from customers.imports.services import files as services_files
from customers.imports.services.jobs import delete_old_files
from tests.customers.imports.conftest import GOOD, csv_of
from tests.factories import NOW


def workbook(**sheets: list[list]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("file.csv", "a,b")
    return buffer.getvalue()


LOCKED = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "cut gzip": (gzip.compress(csv_of(*GOOD * 500).encode())[:-20], "cut off"),
    "pdf": (b"%PDF-1.7\n...", "not known"),
    "program": (b"\x7fELF\0\0\0\0", "not known"),
    "html": (b"<html><body>", "not known"),
    "zip": (zipped(), "ZIP archive"),
    "locked": (LOCKED, "password"),
    "old excel": (b"\xd0\xcf\x11\xe0" + b"\0" * 2000, "old Excel"),
    "no header": (b"1,2,3\n4,5,6\n", "first line"),
    "no rows": (b"customer_no,name\n", "no rows"),
    "name twice": (b"a,a\n1,2\n", "more than once"),
    "cut parquet": (b"PAR1abcdef", "cut off"),
    "no objects": (b'{"a": \n{"b": \n', "JSON object"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_no_good_is_refused_in_a_sentence(importer, files, case):
    content, words = REFUSED[case]
    answer = importer.send(content, resource="customers")
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["file"])
    assert not Upload.objects.exists()
    assert not any((files / "imports").glob("*"))


def far_cell(row: int = 1_048_575, column: int = 16_383) -> bytes:
    """A few kB; read densely, up to XFD1048576, it takes 512 GB."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(row, column, "x")
    book.close()
    return buffer.getvalue()


def broken_sheet() -> bytes:
    """A workbook whose sheet breaks off; its archive is whole."""
    source, buffer = zipfile.ZipFile(io.BytesIO(workbook(Sheet1=[["a", "b"], [1, 2]]))), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in source.infolist():
            data = source.read(entry)
            archive.writestr(entry.filename, data[:-60] if entry.filename.endswith("sheet1.xml") else data)
    return buffer.getvalue()


def lying_parquet() -> bytes:
    """Whole at its end, damaged in the middle: only reading it shows that."""
    data = bytearray(as_parquet())
    data[4:60] = b"\xff" * 56
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (far_cell, "more memory or time than is allowed"),
        (broken_sheet, "damaged and cannot be read"),
        (lambda: workbook(Sheet1=[["a", "b"], [1, 2]])[:-40], "cut off"),
        (lambda: b"PK\x03\x04" + b"\xff" * 3000, "cut off"),
        # What the damage says may also be asked for as memory.
        (lying_parquet, ("cut off", "more memory or time than is allowed")),
        (lambda: gzip.compress(lying_parquet()), ("cut off", "more memory or time than is allowed")),
    ],
)
def test_what_cannot_be_read_is_a_sentence_and_leaves_nothing(importer, files, content, words):
    answer = importer.send(content(), resource="customers")
    assert answer.status_code == 422
    said = str(answer.context["form"].errors["file"])
    assert any(one in said for one in ((words,) if isinstance(words, str) else words))
    assert not Upload.objects.exists()
    assert not any((files / "imports").glob("*"))


def test_a_sheet_that_turns_out_too_large_leaves_the_choice_of_another(importer, monkeypatch):
    rows = [line.split(",") for line in csv_of(*GOOD).splitlines()]
    upload = importer.upload(workbook(Notes=[["hello"]] * 50, List=rows), name="book.xlsx")
    monkeypatch.setattr(services_files, "MAX_CELLS", 30)
    answer = importer.post("sheet", upload.pk, sheet="Notes")
    assert answer.status_code == 422
    assert "more memory" in str(answer.context["form"].errors["sheet"])
    assert [path.name for path in (storage.root() / upload.folder).iterdir()] == ["book.xlsx"]
    assert importer.post("sheet", upload.pk, sheet="List").status_code == 302


@pytest.mark.parametrize(
    ("limit", "most"), [("MAX_MEMORY_BYTES", 200 << 20), ("MAX_SECONDS", 0.01), ("MAX_WRITTEN_BYTES", 1)]
)
def test_the_limits_hold_a_workbook_to_them(importer, monkeypatch, limit, most):
    monkeypatch.setattr(bounded, limit, most)
    answer = importer.send(far_cell(9_999, 999), resource="customers")
    assert answer.status_code == 422
    assert "more memory or time than is allowed" in str(answer.context["form"].errors["file"])


def test_the_reader_sees_none_of_the_secrets_of_the_service(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    seen = {}
    monkeypatch.setattr(
        bounded.subprocess, "run", lambda *a, **given: seen.update(given) or SimpleNamespace(stdout="{}")
    )
    bounded.read_bounded("check_parquet", Path("x"))
    assert not {"SECRET_KEY", "DATABASE_URL"} & seen["env"].keys()


def test_a_folder_that_a_killed_process_left_is_swept_after_a_day(importer, files):
    kept = importer.upload(csv_of(*GOOD))
    orphan, young = storage.new_folder(), storage.new_folder()
    (orphan / "part.csv").write_text("a")
    for folder, hours in ((orphan, 25), (young, 1), (storage.root() / kept.folder, 900)):
        at = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(folder, (at, at))
    assert delete_old_files(now=NOW) == 1
    assert {path.name for path in storage.root().iterdir()} == {young.name, kept.folder}


def test_a_gzip_bomb_is_refused_before_it_is_unpacked_whole(importer, monkeypatch):
    monkeypatch.setattr(services_files, "MAX_UNPACKED_BYTES", 1 << 20)
    answer = importer.send(gzip.compress(b"a,b\n" + b"1,2\n" * (1 << 20)))
    assert "larger than" in str(answer.context["form"].errors["file"])


def test_a_file_beyond_the_limit_is_refused(importer, monkeypatch):
    monkeypatch.setattr(storage, "MAX_FILE_BYTES", 100)
    assert "larger than" in str(importer.send(csv_of(*GOOD) * 5).context["form"].errors["file"])


def test_the_file_is_readable_by_the_service_alone(importer, files):
    upload = importer.upload(csv_of(*GOOD), name="../../etc/客户 名单.csv")
    path = storage.path_of(upload)
    assert path.is_relative_to(files / "imports") and upload.name == "客户-名单.csv"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_gbk_is_recognised(importer):
    upload = importer.upload(csv_of(*GOOD).encode("gbk"))
    page = importer.get("columns", upload.pk)
    assert "GB18030" in page.text and "王芳" in page.text


def test_a_workbook_with_one_sheet_goes_straight_on(importer):
    rows = [line.split(",") for line in csv_of(*GOOD).splitlines()]
    upload = importer.upload(workbook(Sheet1=rows), name="book.xlsx")
    assert (upload.columns, upload.rows, upload.resource) == (rows[0], 2, "customers")


def test_a_number_longer_than_a_sheet_keeps_is_refused_as_a_key(importer, branches):
    keys = [999999999999999, 1234567890123456, 9007199254740993, 1234567890123456789]
    rows = [["payment_no", "account_no", "paid_at", "amount"]]
    rows += [[key, "A1", "2026-10-01T01:00:00+08:00", 5] for key in keys]
    upload = importer.upload(workbook(Sheet1=rows), name="book.xlsx", resource="payments")
    shown = importer.get("preview", upload.pk).context["shown"]
    assert [bool(row.wrong) for row in shown.rows] == [False, True, True, True]
    assert shown.counts["lost_digits"] == 3


def test_of_several_sheets_one_is_chosen(importer):
    rows = [line.split(",") for line in csv_of(*GOOD).splitlines()]
    upload = importer.upload(workbook(Notes=[["hello"]], List=rows), name="book.xlsx")
    assert importer.get("columns", upload.pk).headers["Location"].endswith("/sheet/")
    assert importer.post("sheet", upload.pk, sheet="none").status_code == 422
    assert importer.post("sheet", upload.pk, sheet="List").status_code == 302
    upload.refresh_from_db()
    assert upload.columns == rows[0]


def as_ndjson() -> bytes:
    return b"\n".join(orjson.dumps(row) for row in ROWS)


def as_parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), buffer)
    return buffer.getvalue()


ROWS = [dict(zip(csv_of().strip().split(","), line.split(","), strict=True)) for line in GOOD]
KINDS = {
    "csv": lambda: csv_of(*GOOD).encode(),
    "csv.gz": lambda: gzip.compress(csv_of(*GOOD).encode()),
    "ndjson": as_ndjson,
    "json": lambda: orjson.dumps(ROWS),
    "parquet": as_parquet,
    "xlsx": lambda: workbook(Sheet1=[list(ROWS[0]), *(list(row.values()) for row in ROWS)]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_land_from_every_type_of_file(importer, branches, kind):
    upload = importer.run(importer.upload(KINDS[kind](), name=f"file.{kind}"))
    assert (upload.state, upload.tally["applied"]) == ("done", 2)
    assert list(Customer.objects.order_by("customer_no").values_list("name", flat=True)) == ["王芳", "李伟"]


def test_an_upload_announced_as_huge_is_not_even_read(client, ada, files, monkeypatch):
    monkeypatch.setattr(storage, "MAX_FILE_BYTES", -storage.FORM_OVERHEAD_BYTES)
    client.force_login(ada)
    assert client.post("/imports/new/", {"file": io.BytesIO(b"a,b\n1,2\n")}).status_code == 400
