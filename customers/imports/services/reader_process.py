"""What reads workbooks and Parquet of strangers: a program of its own, with limits that the operating system keeps.

Run by services/bounded.py with one JSON argument; imports nothing of the product. Writes one JSON object: the answer,
or {"error": code}. A file that asks for more memory or time than allowed ends this process and no other.
"""

import csv
import errno
import gzip
import json
import os
import resource
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

MAX_SHEETS, MAX_HEADER_CHARACTERS = 500, 100
PARQUET_ROWS = 16_384  # at a time
LONGEST_EXACT = 10**15
NO_WORKBOOK = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError)


class Unusable(Exception):
    """code: of the sentence that the person is shown (bounded.SENTENCES)."""


def describe_workbook(path: str, *, max_bytes: int, **_limits: int) -> dict[str, Any]:
    """{"sheets": the names of those with content, "header": the first row of the first of them}."""
    _check_archive(path, max_bytes)
    book = _open_workbook(path)
    if len(book.sheet_names) > MAX_SHEETS:
        raise Unusable("too_large")
    if any("\0" in name for name in book.sheet_names):
        raise Unusable("unreadable")
    names = [name for name in book.sheet_names if book.get_sheet_by_name(name).height]
    rows = _rows(book.get_sheet_by_name(names[0])) if names else iter(())
    return {"sheets": names, "header": [cell[:MAX_HEADER_CHARACTERS] for cell in next(rows, [])]}


def convert_sheet(path: str, *, sheet: str, target: str, max_cells: int, **_limits: int) -> dict[str, Any]:
    """Write a sheet as CSV without empty rows and columns (leftovers of formatting). {"rows": those below the header}.

    A nameless column with values stays and is reported later.
    """
    found = _open_workbook(path).get_sheet_by_name(sheet)
    if found.height * found.width > max_cells:
        raise Unusable("too_large")
    used = sorted({place for row in _rows(found) for place, cell in enumerate(row) if cell})
    with os.fdopen(
        os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", newline="", encoding="utf-8"
    ) as file:
        writer = csv.writer(file)
        rows = 0
        for rows, row in enumerate(_rows(found)):  # noqa: B007  (0 for the header)
            writer.writerow([row[place] for place in used])
    return {"rows": rows}


def check_parquet(path: str, *, packed: bool, max_bytes: int, **_limits: int) -> dict[str, Any]:
    """Read the file to its end, a batch at a time. {"rows": its rows}."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    try:
        with Path(path).open("rb") as file, tempfile.TemporaryFile() as unpacked:
            if packed:
                shutil.copyfileobj(gzip.GzipFile(fileobj=file), unpacked)
                unpacked.seek(0)
            table = pq.ParquetFile(unpacked if packed else file)
            about = table.metadata
            if sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups)) > max_bytes:
                raise Unusable("too_large")
            return {"rows": sum(batch.num_rows for batch in table.iter_batches(PARQUET_ROWS, use_threads=False))}
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, EOFError, zlib.error):
        raise Unusable("truncated") from None


def _check_archive(path: str, max_bytes: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names, unpacked = archive.namelist(), sum(entry.file_size for entry in archive.infolist())
    except NO_WORKBOOK:
        raise Unusable("truncated") from None
    if not any(name.startswith("xl/workbook") for name in names):
        raise Unusable("archive")
    if unpacked > max_bytes:
        raise Unusable("too_large")


def _open_workbook(path: str) -> Any:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise Unusable("locked") from None


def _rows(sheet: Any) -> Iterator[list[str]]:
    """Rows with content, as CSV texts."""
    return ([_text(cell) for cell in row] for row in sheet.iter_rows() if any(cell not in ("", None) for cell in row))


def _text(cell: object) -> str:
    """The cell as CSV text: whole numbers without decimals, days as YYYY-MM-DD.

    A sheet keeps 15 digits: a longer number is written so that a key is refused for those that it has lost.
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if abs(cell) >= LONGEST_EXACT:
            return f"{cell:.14E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "describe_workbook": describe_workbook,
    "convert_sheet": convert_sheet,
    "check_parquet": check_parquet,
}


def main(order: dict[str, Any]) -> dict[str, Any]:
    """order: command, path, its arguments, and limits memory (bytes), seconds (of processor time), file (bytes)."""
    for limit, most in (
        (resource.RLIMIT_AS, order["memory"]),
        (resource.RLIMIT_CPU, order["seconds"]),
        (resource.RLIMIT_FSIZE, order["file"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))
    try:
        return COMMANDS[order["command"]](order["path"], **order["arguments"])
    except Unusable as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "too_large"}
    except BaseException as error:  # noqa: BLE001  A panic of the library is no Exception; whatever it met, the file is no good
        return {"error": "too_large" if getattr(error, "errno", 0) == errno.EFBIG else "unreadable"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))))
