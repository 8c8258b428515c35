import gzip
import json

import pandas as pd
import pytest

from analytics.churn.queries.files import read_table
from retention.core.errors import Invalid


def written(tmp_path, content: bytes | str, name: str = "t.csv"):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path)


def test_every_way_of_saying_blank_is_missing_and_noted(tmp_path):
    table = written(tmp_path, 'a,b,c\n1, ,NA\n2,"?",null\n-, x ,-5\n')
    frame = table.frame
    assert frame["a"].isna().tolist() == [False, False, True]
    assert frame["b"].isna().tolist() == [True, True, False]
    assert frame["b"].iloc[2] == "x"
    assert frame["c"].isna().tolist() == [True, True, False]
    assert "Cells of 'NA' were read as blank, in 'c'." in table.notes
    assert "Cells of '-' were read as blank, in 'a'." in table.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found(tmp_path, encoding, separator):
    text = separator.join(["编号", "城市"]) + separator.join(["\n1", "上海\n"])
    table = written(tmp_path, text.encode(encoding))
    assert list(table.frame.columns) == ["编号", "城市"]
    assert table.frame.iloc[0].tolist() == ["1", "上海"]
    assert any("UTF-16" in note for note in table.notes) == (encoding == "utf-16")
    assert any("GB18030" in note for note in table.notes) == (encoding == "gb18030")


def test_a_compressed_file_is_read(tmp_path):
    assert written(tmp_path, gzip.compress(b"a,b\n1,2\n"), "t.csv.gz").frame.shape == (1, 2)


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1, "b": "x", "c": true}\n{"a": 2.5, "b": null, "c": false}\n',
        b'[{"a": 1, "b": "x", "c": true}, {"a": 2.5, "b": null, "c": false}]',
    ],
)
def test_json_is_read_too(tmp_path, content):
    frame = written(tmp_path, content, "t.json").frame
    assert frame["a"].astype(float).tolist() == [1.0, 2.5]
    assert frame["b"].isna().tolist() == [False, True]
    assert frame["c"].tolist() == ["true", "false"]


def test_json_rows_that_differ_in_type_become_text(tmp_path):
    lines = [json.dumps({"a": number}) for number in range(25_000)] + [json.dumps({"a": "x", "b": 1})]
    frame = written(tmp_path, "\n".join(lines), "t.ndjson").frame
    assert frame["a"].iloc[[0, -1]].tolist() == ["0", "x"]
    assert frame["b"].notna().sum() == 1


def test_parquet_keeps_its_types(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame({"day": pd.to_datetime(["2026-01-02"]), "fee": [1.5], "plan ": ["A "]}).to_parquet(path)
    frame = read_table(path).frame
    assert list(frame.columns) == ["day", "fee", "plan"]
    assert pd.api.types.is_datetime64_any_dtype(frame["day"])
    assert frame["plan"].tolist() == ["A"]


def test_names_equal_but_for_blanks_are_kept_apart(tmp_path):
    table = written(tmp_path, "fee, fee,fee ,,fee\n1,2,3,4,5\n")
    assert list(table.frame.columns) == ["fee", "fee (2)", "fee (3)", "column 4", "fee (4)"]
    assert [table.column(name) for name in ("fee", " fee", "fee ", "  fee  ")] == ["fee", "fee (2)", "fee (3)", "fee"]
    assert "Doubtful: two columns are named fee; column 2 is called fee (2) here." in table.notes
    assert "Column 4 has no name; it is called column 4 here." in table.notes


@pytest.mark.parametrize("asked", ["Total Charges", "  Total Charges ", "Total  Charges"])
def test_options_are_matched_but_for_blanks(tmp_path, asked):
    table = written(tmp_path, " Total  Charges ;b\n1;2\n")
    assert table.column(asked) == "Total Charges"
    with pytest.raises(Invalid, match="no column TotalCharges; it has Total Charges, b"):
        table.column("TotalCharges")


def test_a_row_of_another_width_is_left_out_and_named(tmp_path):
    table = written(tmp_path, "a,b\n" + "1,2\n" * 9 + "1,2,3\n")
    assert len(table.frame) == 9
    assert "1 rows were left out" in table.notes[-1]
    assert "Row 10: the row has 3 columns where the header has 2" in table.notes[-1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"a,b\n", "no rows"),
        (b'a,b\n1,2\n1,2,3,4\n"', "cannot be read"),
        (b"a,b\n" + b"1,2,3\n" * 5, "5 of 5 rows cannot be taken apart"),
        (b"PK\x03\x04rest", "Excel"),
    ],
)
def test_what_is_no_table_is_told_in_a_sentence(tmp_path, content, said):
    with pytest.raises(Invalid, match=said):
        written(tmp_path, content)


def test_a_file_cut_off_is_told_in_a_sentence(tmp_path):
    with pytest.raises(Invalid, match="cannot be read whole: The file ends early"):
        written(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 500_000)[:-30], "t.csv.gz")


def test_a_missing_file_is_told_in_a_sentence(tmp_path):
    with pytest.raises(Invalid, match="no file"):
        read_table(tmp_path / "nothing.csv")
