import csv
import io
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from retention.core import clock
from retention.core.ui.tables import exports
from tests.core.ui.gallery import people_table, request_for

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def csv_rows(header, rows):
    text = b"".join(exports.csv_lines(header, rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_csv_begins_with_a_byte_order_mark_so_that_excel_reads_chinese():
    assert next(exports.csv_lines(["名称"], [])) == b"\xef\xbb\xbf"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-cmd", "@SUM(A1)", "\tx"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(text):
    assert csv_rows(["a"], [[text]])[1] == [f"'{text}"]


def test_negative_numbers_stay_numbers():
    assert csv_rows(["a"], [[-5, Decimal("-1.50")]])[1] == ["-5", "-1.50"]


def test_the_file_name_tells_area_period_filters_and_time():
    query = [("sort", "-risk"), ("region", "GD"), ("period", "2026-10"), ("page", "3"), ("tier", "high")]
    assert exports.export_name("customers", query, at=NOW) == "customers_2026-10_region-GD_tier-high_20261122-0905"


def test_search_words_never_reach_the_file_name():
    assert "138" not in exports.export_name("customers", [("q", "13812345678")], at=NOW)


def test_a_table_is_exported_whole_sorted_as_seen_with_masked_phones():
    request = request_for("/customers/?export=csv&sort=-fee&page=2&tier=high")
    with clock.freeze(NOW):
        response = exports.export_response(request, people_table(request), "customers")
        lines = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert len(lines) == 61
    assert lines[0] == ["Number", "Name", "Phone", "Risk", "Probability", "Monthly fee", "Contract ends"]
    assert [float(line[5]) for line in lines[1:]] == sorted((39 + i * 12.5 for i in range(60)), reverse=True)
    assert all("****" in line[2] for line in lines[1:])
    assert response["Content-Disposition"].startswith('attachment; filename="customers_tier-high_20261122-0905.csv"')
    assert response["Cache-Control"] == "no-store"


def test_a_workbook_has_typed_cells_and_says_what_it_is():
    target = io.BytesIO()
    rows = [["=A1", 2.5, date(2026, 11, 22), None], ["张伟", 3, NOW, True]]
    about = exports.about_lines("customers", [("tier", "high")], user="li", at=NOW)
    assert exports.write_xlsx(target, ["a", "b", "c", "d"], rows, about) == 2
    target.seek(0)
    book = CalamineWorkbook.from_filelike(target)
    data = book.get_sheet_by_index(0).to_python()
    assert data[1][0] == "=A1"
    assert data[1][1:3] == [2.5, date(2026, 11, 22)]
    assert data[2][0] == "张伟"
    notes = dict(book.get_sheet_by_index(1).to_python())
    assert notes["Filter tier"] == "high"
    assert notes["Made by"] == "li"
    assert str(notes["Rows"]) in {"2", "2.0"}


def test_only_known_kinds_are_exports():
    assert exports.wants_export(request_for("/?export=pdf")) == ""
    assert exports.wants_export(request_for("/?export=xlsx")) == "xlsx"
