"""What did not land goes out, is corrected, and comes back."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from customers.facts.models import Customer
from customers.imports.services.quarantine import escape_cell, escape_workbook_cell, unescape_cell
from retention.core.jobs.models import Job
from tests.customers.imports.conftest import GOOD, HEADER, csv_of

FORMULA = '=HYPERLINK("http://x")'
BAD = [
    f'C3,"{FORMULA.replace(chr(34), chr(34) * 2)}",个人,女,P1,+8613800000003,2021/02/30',
    "C4,-x,个人,女,P1,,2020/01/01,more",
]


@pytest.fixture
def done(importer, branches):
    return importer.run(importer.upload(csv_of(*GOOD, *BAD)))


def fetched(importer, upload, kind: str = "csv", *, route: str = "rejected", filters: str = "") -> bytes:
    answer = importer.get(route, upload.pk, query=f"?export={kind}{filters}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def test_rejected_rows_carry_the_senders_columns_and_the_reason(importer, done):
    header, third, fourth = lines(fetched(importer, done))
    assert header == [*HEADER.split(","), "error_field", "error_message"]
    assert third[:1] + third[6:8] == ["C3", "2021/02/30", "入网日期"]
    assert "does not exist" in third[8]
    assert fourth[0] == "C4" and "8 columns" in fourth[8]


def test_the_rows_that_did_not_land_are_a_list_with_filters_and_files(importer, done):
    shown = importer.get("detail", done.pk, query="?code=wrong_columns&sort=-row_no").context["table"]
    assert [row.record.row_no for row in shown.paginated_rows] == [4]
    header, row = lines(fetched(importer, done, kind="csv", route="detail", filters="&code=wrong_columns"))
    assert header == ["Row", "State", "Field", "What is wrong"]
    assert row[:2] == ["4", "Rejected"]
    assert "8 columns" in row[3]


def test_nothing_in_the_file_is_run_by_a_spreadsheet(importer, done):
    cells = [cell for line in lines(fetched(importer, done)) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_corrected_file_lands_and_doubles_nothing(importer, done, kind):
    data = fetched(importer, done, kind)
    if kind == "csv":
        rows = lines(data)
        rows[1][6], rows[2][6] = "2021/02/28", "2020/01/01"
        data = as_csv(rows)
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        rows[1][6], rows[2][6] = "2021/02/28", "2020/01/01"
        data = _workbook(rows)
    again = importer.upload(data, name=f"corrected.{kind}", corrects=done.pk, resource="customers")
    assert (again.columns, again.corrects_id) == (HEADER.split(","), done.pk)
    assert importer.run(again).job.state == Job.State.DONE
    assert dict(Customer.objects.values_list("customer_no", "name")) == {
        "C1": "王芳", "C2": "李伟", "C3": FORMULA, "C4": "-x",
    }  # fmt: skip
    assert Customer.objects.get(customer_no="C3").contact_phone == "13800000003"


def _workbook(rows: list[list]) -> bytes:
    from tests.customers.imports.test_files import workbook

    return workbook(Data=rows, About=[["List", "rejected"]])


def test_a_file_still_bad_comes_back_once_more(importer, done):
    again = importer.run(importer.upload(fetched(importer, done), corrects=done.pk))
    assert (again.job.state, again.job.counts["applied"], again.job.counts["rejected"]) == (Job.State.GAPS, 0, 2)


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "'=1", "''=1", "'quoted'", "plain", "", "'", "\tx", "\n=1", " =1", "＝1", "'-1"]
)
def test_every_value_comes_back_as_it_was(text):
    assert unescape_cell(escape_cell(text)) == text
    assert unescape_cell(escape_workbook_cell(text)) == text


def test_a_negative_number_of_a_rejected_row_stays_a_number():
    assert escape_cell("-12.50") == "-12.50"
