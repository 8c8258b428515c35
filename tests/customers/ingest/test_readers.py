"""Files are recognised by their content; what cannot be read is told, and the rest is read."""

import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customers.ingest.chunks import Chunk
from customers.ingest.services.readers import Unreadable, open_source


def read(data: bytes, *, size: int = 100) -> tuple[list[Chunk], object]:
    reading = open_source(io.BytesIO(data), size=size)
    return list(reading), reading


def rows_of(data: bytes, **options: int) -> list[dict]:
    return [row for chunk in read(data, **options)[0] for row in chunk.columns.to_pylist()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised(delimiter: str) -> None:
    data = 'a,b\n1,"x,;|\ty"\n'.replace("a,b", f"a{delimiter}b").replace("1,", f"1{delimiter}").encode()
    assert rows_of(data) == [{"a": "1", "b": "x,;|\ty"}]


def test_blank_cells_are_nulls_and_blank_lines_are_no_rows() -> None:
    chunks, _ = read(b'a,b\n1,\n\n"",2\n')
    assert chunks[0].columns.to_pylist() == [{"a": "1", "b": None}, {"a": None, "b": "2"}]
    assert list(chunks[0].rows) == [1, 2]


def test_rows_of_a_wrong_width_are_left_out_and_numbered() -> None:
    chunks, _ = read(b'a,b\n1,2\n3\n4,5,6\n"x\ny",7\n8,9\n10\n', size=2)
    assert [(list(c.rows), c.first, c.last) for c in chunks] == [([1, 4], 1, 4), ([5], 5, 6)]
    assert [(d.row, d.code) for c in chunks for d in c.defects] == [
        (2, "wrong_columns"),
        (3, "wrong_columns"),
        (6, "wrong_columns"),
    ]


def test_chunks_have_the_size_asked_for_whatever_the_file() -> None:
    data = b"a\n" + b"".join(b"%d\n" % n for n in range(250))
    chunks, _ = read(data, size=100)
    assert [(c.first, c.last, len(c.rows)) for c in chunks] == [(1, 100, 100), (101, 200, 100), (201, 250, 50)]


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ("name,n\n张伟,1\n".encode("gbk"), "The file is not in UTF-8; it was read as GB18030 (GBK)."),
        ("name,n\n张伟,1\n".encode("utf-16"), "The file is in UTF-16; it was read as such."),
        ("name,n\n张伟,1\n".encode("utf-16-le"), "The file is in UTF-16; it was read as such."),
        ("name,n\n张伟,1\n".encode("utf-16-be"), "The file is in UTF-16; it was read as such."),
        ("\ufeffname,n\n张伟,1\n".encode(), None),
    ],
)
def test_other_encodings_are_read_and_said(data: bytes, note: str | None) -> None:
    chunks, reading = read(data)
    assert chunks[0].columns.to_pylist() == [{"name": "张伟", "n": "1"}]
    assert reading.notes == ([note] if note else [])


def test_gbk_is_recognised_after_a_megabyte_of_plain_ascii() -> None:
    data = b"name,n\n" + b"x,1\n" * 400_000 + "张伟,2\n".encode("gbk")
    chunks, reading = read(data, size=1_000_000)
    assert chunks[0].columns["name"][-1].as_py() == "张伟"
    assert len(reading.notes) == 1


def test_one_damaged_byte_does_not_make_a_utf8_file_gbk() -> None:
    chunks, reading = read(b"name\n" + "张伟\n".encode() * 50 + b"Jos\xe9\n" + "李娜\n".encode())
    assert reading.notes == []
    assert chunks[0].columns["name"].to_pylist()[-2:] == ["Jos\ufffd", "李娜"]
    assert chunks[0].damaged


@pytest.mark.parametrize("data", [b"a\0,b\nx,1\n", b"a,bc\n\0x,1\n"])
def test_a_stray_nul_does_not_make_a_file_utf16(data: bytes) -> None:
    chunks, reading = read(data)
    assert reading.notes == []
    assert chunks[0].columns.num_rows == 1


def test_a_nul_byte_is_damage() -> None:
    chunks, _ = read(b"a,b\nx\0y,1\n")
    assert chunks[0].damaged
    assert chunks[0].columns["a"][0].as_py() == "x\ufffdy"


def test_gzip_is_unpacked() -> None:
    assert rows_of(gzip.compress(b"a\n1\n")) == [{"a": "1"}]


def test_a_truncated_gzip_gives_its_whole_rows_and_says_that_it_ends_early() -> None:
    import random

    numbers = [random.Random(1).randrange(10**9) + n for n in range(100_000)]
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (n, n) for n in numbers))
    chunks, reading = read(packed[: len(packed) // 2], size=1_000_000)
    assert reading.ended == "early"
    got = chunks[0].columns["b"].to_pylist()
    assert 10_000 < len(got) < 100_000
    assert got == [str(n) for n in numbers[: len(got)]]


def test_a_damaged_gzip_says_so() -> None:
    packed = bytearray(gzip.compress(b"a\n" + b"12345\n" * 1_000))
    packed[-6] ^= 0xFF  # the checksum
    _, reading = read(bytes(packed))
    assert reading.ended == "damaged"


def test_an_unclosed_quote_is_named() -> None:
    chunks, reading = read(b'a,b\n1,2\n"x,3\n4,5\n')
    assert [(d.row, d.code) for d in chunks[0].defects] == [(2, "open_quote")]
    assert reading.ended == "open_quote"


def test_json_lines_that_are_no_objects_are_left_out() -> None:
    chunks, reading = read(b'{"a":1,"b":"x"}\n{bad\n\n[1]\n{"a":2,"c":{"k":1}}\n')
    assert chunks[0].columns.to_pylist() == [{"a": 1, "b": "x", "c": None}, {"a": 2, "b": None, "c": '{"k":1}'}]
    assert [(d.row, d.code) for d in chunks[0].defects] == [(2, "malformed_json"), (3, "malformed_json")]
    assert reading.columns is None


def test_json_numbers_beyond_double_precision_stay_text_for_the_check() -> None:
    assert rows_of(b'{"a":1e400,"b":1}\n') == [{"a": "1e400", "b": 1}]


def test_half_a_surrogate_pair_is_no_text() -> None:
    chunks, _ = read(b'{"a":"\\ud800"}\n')
    assert [d.code for d in chunks[0].defects] == ["malformed_json"]


def test_rows_that_each_name_other_fields_do_not_fill_the_memory() -> None:
    chunks, _ = read(b"".join(b'{"k%d":1}\n' % n for n in range(5_000)), size=10_000)
    assert chunks[0].columns.num_columns == 201


def test_a_json_array_is_read() -> None:
    chunks, _ = read(b' [{"a":1},\n 7, {"a":"x"}]')
    assert chunks[0].columns.to_pylist() == [{"a": "1"}, {"a": "x"}]
    assert [(d.row, d.code) for d in chunks[0].defects] == [(2, "malformed_json")]
    assert list(chunks[0].rows) == [1, 3]


def test_parquet_is_read_packed_or_not() -> None:
    sink = io.BytesIO()
    pq.write_table(
        pa.table({"a": [1, None], "d": [{"k": 1}, None], "c": pa.array(["x", "y"]).dictionary_encode()}), sink
    )
    expected = [{"a": 1, "d": '{"k":1}', "c": "x"}, {"a": None, "d": None, "c": "y"}]
    assert rows_of(sink.getvalue()) == rows_of(gzip.compress(sink.getvalue())) == expected
    with pytest.raises(Unreadable, match="not whole as Parquet"):
        read(sink.getvalue()[:-20])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"a,,c\n1,2,3\n", "one name is empty"),
        (b"x" * 200_000 + b"\n1\n", "too long to be the names of columns"),
        (b"a,b,a\n1,2,3\n", "names 'a' more than once"),
        (b"PK\x03\x04....", "Excel"),
        (b'[{"a":1},', "is not a JSON array"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:12], "ends early"),
        (b"a\n" + b"x" * (17 << 20), "longer than 16 MB"),
    ],
)
def test_a_file_that_is_nothing_of_ours_is_told_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence.replace("(", r"\(")):
        read(data)


def test_a_broken_character_in_gbk_damages_its_row_alone() -> None:
    data = (
        b"name\n" + "张伟\n".encode("gbk") * 3 + "王\n".encode("gbk").replace(b"\xcd", b"\xff") + "李娜\n".encode("gbk")
    )
    chunks, reading = read(data)
    assert reading.notes == ["The file is not in UTF-8; it was read as GB18030 (GBK)."]
    assert chunks[0].damaged
    names = chunks[0].columns["name"].to_pylist()
    assert (names[:3], names[4]) == (["张伟"] * 3, "李娜")
    assert "\ufffd" in names[3]


def test_a_broken_character_in_utf16_is_damage() -> None:
    data = "name\n张伟\n李娜\n".encode("utf-16-le")
    at = data.index("李".encode("utf-16-le"))
    chunks, _ = read(b"\xff\xfe" + data[:at] + b"\x00\xdc" + data[at + 2 :])
    assert chunks[0].damaged
    assert chunks[0].columns["name"].to_pylist() == ["张伟", "\ufffd娜"]


@pytest.mark.parametrize("data", [b"a,b\r1,2\r3,4\r", b"a\r,b\n1,2\n", b'{"a":1}\r{"a":2}\r'])
def test_a_first_line_with_a_carriage_return_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.code == "bad_line_ends"


def test_crlf_is_a_line_end() -> None:
    assert rows_of(b"a,b\r\n1,2\r\n") == [{"a": "1", "b": "2"}]
    assert rows_of(b'{"a":1}\r\n{"a":2}\r\n') == [{"a": 1}, {"a": 2}]
