"""The file of rejected rows on its way out and, corrected, on its way back.

Out: the sender's columns and values, then two columns that say what is wrong; what a spreadsheet would run as a formula
gets a quote in front. Back: the two columns are dropped and the quotes taken off, so that every value is the sender's.
"""

import csv
import os
from pathlib import Path
from typing import TextIO

from customers.ingest.readers import open_source
from retention.core.exports import FORMULA_STARTS

ERROR_COLUMNS = ["error_field", "error_message"]
QUOTE = "'"


def guarded(text: str) -> str:
    """For a CSV cell. A text that begins with a quote gets one too, so that `restored` is exact."""
    return QUOTE + text if text.startswith((*FORMULA_STARTS, QUOTE)) else text


def guarded_in_workbook(text: str) -> str:
    """For a workbook's text cell, which no spreadsheet runs: only what `restored` would mistake gets a quote."""
    return QUOTE + text if restored(text) != text else text


def restored(text: str) -> str:
    """The value that `guarded` was given."""
    rest = text.removeprefix(QUOTE)
    return rest if rest is not text and rest.startswith((*FORMULA_STARTS, QUOTE)) else text


def is_corrected(columns: list[str] | None) -> bool:
    return columns is not None and len(columns) > 2 and columns[-2:] == ERROR_COLUMNS


def restore(source: Path, target: Path) -> None:
    """Write the corrected file as its sender's system would have. Lines that are no rows stay as they are."""
    with source.open("rb") as file, _new(target) as out:
        writer = csv.writer(out)
        reading = open_source(file)
        columns = (reading.columns or [])[:-2]
        writer.writerow(map(restored, columns))
        for chunk in reading:
            values = [chunk.columns[name].to_pylist() for name in columns]
            writer.writerows([restored(cell or "") for cell in row] for row in zip(*values, strict=True))
            for defect in chunk.defects:
                writer.writerow(next(csv.reader([defect.raw]), []))


def _new(target: Path) -> TextIO:
    return os.fdopen(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", newline="", encoding="utf-8")
