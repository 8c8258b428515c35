import gzip

import pytest

from analytics.churn.queries.dataset import read_table
from retention.core.errors import Invalid


def test_every_way_of_saying_blank_is_missing(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b,c\n1, ,NA\n2,"?",null\n-, x ,-5\n')
    frame = read_table(path)
    assert frame["a"].isna().tolist() == [False, False, True]
    assert frame["b"].isna().tolist() == [True, True, False]
    assert frame["b"].iloc[2] == "x"
    assert frame["c"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found(tmp_path, encoding, separator):
    path = tmp_path / "t.csv"
    path.write_bytes(
        separator.join(["编号", "城市"]).encode(encoding)
        + separator.join(["\n1", "上海\n"]).encode(encoding.removesuffix("-sig"))
    )
    frame = read_table(path)
    assert list(frame.columns) == ["编号", "城市"]
    assert frame.iloc[0].tolist() == ["1", "上海"]


def test_a_compressed_file_is_read(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert read_table(path).shape == (1, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"a,b\n", "no rows"), (b'a,b\n1,2\n1,2,3,4\n"', "cannot be read")],
)
def test_what_is_no_table_is_told_in_a_sentence(tmp_path, content, said):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=said):
        read_table(path)


def test_a_file_cut_off_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 5000)[:-30])
    with pytest.raises(Invalid, match="cannot be read"):
        read_table(path)


def test_a_missing_file_is_told_in_a_sentence(tmp_path):
    with pytest.raises(Invalid, match="no file"):
        read_table(tmp_path / "nothing.csv")
