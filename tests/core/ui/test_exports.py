import csv
import io
from datetime import date, datetime
from decimal import Decimal
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import translation
from python_calamine import CalamineWorkbook

from retention.core import clock
from retention.core.errors import Invalid
from retention.core.ui.tables import exports, files
from retention.core.ui.tables.sheets import Sheet, SheetColumn, about_lines
from tests.core.ui.gallery import people_table, request_for

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def sheet(rows, *formats, about=()):
    columns = [SheetColumn(f"c{place}", f"Meaning of {place}.", kind) for place, kind in enumerate(formats)]
    return Sheet("list", columns, rows, about)


def csv_rows(rows, *formats):
    text = b"".join(files.csv_lines(sheet(rows, *formats))).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def workbook(made):
    target = io.BytesIO()
    count = files.write_xlsx(target, made)
    target.seek(0)
    return target, CalamineWorkbook.from_filelike(target), count


def test_csv_begins_with_a_byte_order_mark_so_that_excel_reads_chinese():
    assert next(files.csv_lines(sheet([], ""))) == b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86", "-cmd", "-1+cmd", "@SUM(A1)", "\tx", "\rx", "\n=1", " =1", "\u3000=1", "\xa0x", "\u200b=1",
     "\ufeff=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(text):
    assert csv_rows([[text]], "") == [[f"'{text}"]]


def test_numbers_of_any_sign_and_format_stay_numbers_in_csv():
    row = [-5, Decimal("-1.5"), 0.08412345, -0.031, 1.5, None]
    assert csv_rows([row], "count", "money", "percent", "points", "decimal", "money") == [
        ["-5", "-1.50", "0.084123", "-0.031", "1.5", ""]
    ]


@pytest.mark.parametrize("text", ["-5", "-1,234.50", "-3.1%", "5", "a=1", "A-1", "a@example.com"])
def test_text_that_is_a_number_or_begins_with_no_sign_is_left_alone(text):
    assert csv_rows([[text]], "") == [[text]]


def test_truth_values_are_words_of_the_reader():
    assert csv_rows([[True, False]], "", "") == [["yes", "no"]]
    with translation.override("zh-hans"):
        assert csv_rows([[True, False]], "", "") == [["是", "否"]]


def test_the_file_name_tells_area_period_filters_and_time():
    query = QueryDict("sort=-risk&region=GD&period=2026-10&page=3&tier=high")
    assert exports.export_name("customers", query, at=NOW) == "customers_2026-10_region-GD_tier-high_20261122-0905"


def test_search_words_reach_neither_file_name_nor_trail():
    query = QueryDict("q=13812345678&tier=high&tier=low&state=&sort=-risk")
    assert "138" not in exports.export_name("customers", query, at=NOW)
    assert exports.filters_of(query) == {"tier": ["high", "low"]}


@pytest.mark.parametrize(
    "written", ["13812345678", "+86 138-1234-5678", "0086 138 1234 5678", "１３８１２３４５６７８"]
)
def test_the_sheet_about_a_list_does_not_pass_on_the_phone_number_searched_for(written):
    about = about_lines("Customers", filters=[("Number or name", written)], order="", person="Li Wei", at=NOW)
    assert dict(about)["Filter: Number or name"] == "138****5678"


def test_a_table_is_exported_whole_sorted_as_seen_with_masked_phones_and_tiers_in_words():
    request = request_for("/customers/?export=csv&sort=-fee&page=2&tier=high")
    with clock.freeze(NOW):
        response = exports.export_response(request, people_table(request), "customers")
        lines = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert len(lines) == 61
    assert lines[0] == ["Number", "Name", "Phone", "Risk", "Probability", "Monthly fee", "Contract ends"]
    assert [line[5] for line in lines[1:]] == [f"{39 + i * 12.5:.2f}" for i in reversed(range(60))]
    assert all("****" in line[2] for line in lines[1:])
    assert {line[3] for line in lines[1:]} == {"Critical risk", "High risk", "Medium risk", "Low risk"}
    assert response["Content-Disposition"].startswith('attachment; filename="customers_tier-high_20261122-0905.csv"')
    assert response["Cache-Control"] == "no-store"


def test_a_workbook_has_typed_cells_and_says_what_it_is():
    about = about_lines(
        "Customers", filters=[("Risk", "High")], order="Risk (descending)", person="Li Wei", at=NOW, notes=[("N", "n")]
    )
    rows = [["=A1", 2.5, date(2026, 11, 22), None, 0.084], ["张伟", 3, NOW, True, -0.5]]
    target, book, count = workbook(sheet(rows, "", "money", "", "", "percent", about=about))
    assert count == 2
    data = book.get_sheet_by_index(0).to_python()
    assert data[1] == ["=A1", 2.5, date(2026, 11, 22), "", 0.084]
    assert data[2] == ["张伟", 3, NOW.replace(tzinfo=None), "yes", -0.5]
    notes = dict(book.get_sheet_by_index(1).to_python())
    assert notes["List"] == "Customers"
    assert notes["Filter: Risk"] == "High"
    assert notes["Order"] == "Risk (descending)"
    assert notes["Exported by"] == "Li Wei"
    assert notes["Exported at"] == "2026-11-22 09:05"
    assert notes["Rows"] == "2"
    assert notes["c1"] == "Meaning of 1."
    parts = ZipFile(target)
    page = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '<autoFilter ref="A1:E3"/>' in page
    assert 'state="frozen"' in page
    styles = parts.read("xl/styles.xml").decode()
    assert 'formatCode="0.0%"' in styles


def test_more_rows_than_a_sheet_holds_are_refused_with_a_sentence(monkeypatch):
    assert files.MAX_SHEET_ROWS + 1 == 1_048_576
    monkeypatch.setattr(files, "MAX_SHEET_ROWS", 2)
    _target, book, count = workbook(sheet([[n] for n in range(2)], "count"))
    assert (count, book.sheet_names) == (2, ["Data", "About"])
    with pytest.raises(Invalid, match=r"more rows than a sheet of a workbook holds \(2\)"):
        files.write_xlsx(io.BytesIO(), sheet([[n] for n in range(3)], "count"))


def test_only_known_kinds_are_exports():
    assert exports.wants_export(request_for("/?export=pdf")) == ""
    assert exports.wants_export(request_for("/?export=xlsx")) == "xlsx"
