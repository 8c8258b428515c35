"""Any table as text: a CSV file of unknown encoding and separator, with every way of saying "blank" made one."""

from pathlib import Path

import pandas as pd

from retention.core.errors import Invalid

BLANKS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", "--", ".", "\\n", "missing"})
ENCODINGS = ("utf-8-sig", "gb18030", "latin-1")
SEPARATORS = (",", ";", "\t", "|")


def read_table(path: str | Path) -> pd.DataFrame:
    """Every column as text, stripped; blanks are missing. Invalid, in a sentence, when it is no table."""
    path = Path(path)
    if not path.is_file():
        raise Invalid(f"There is no file {path}.", code="no_file")
    frame = _decoded(path)
    if frame.empty:
        raise Invalid(f"{path.name} holds no rows.", code="empty")
    frame.columns = [str(name).strip() for name in frame.columns]
    return frame.apply(without_blanks)


def without_blanks(values: pd.Series) -> pd.Series:
    """Text without surrounding space; what says "blank" is missing."""
    text = values.str.strip()
    return text.mask(text.str.lower().isin(BLANKS))


def _decoded(path: Path) -> pd.DataFrame:
    for encoding in ENCODINGS:
        try:
            # The separator is the one that cuts the header into most columns.
            cut = {separator: len(_read(path, encoding, separator, nrows=0).columns) for separator in SEPARATORS}
            return _read(path, encoding, max(SEPARATORS, key=cut.__getitem__))
        except UnicodeDecodeError:
            continue
    raise Invalid(f"{path.name} is not text.", code="unreadable")


def _read(path: Path, encoding: str, separator: str, nrows: int | None = None) -> pd.DataFrame:
    try:
        return pd.read_csv(
            path, sep=separator, encoding=encoding, dtype=str, keep_default_na=False, nrows=nrows, index_col=False
        )
    except pd.errors.EmptyDataError:
        raise Invalid(f"{path.name} is empty.", code="empty") from None
    except (pd.errors.ParserError, EOFError, OSError) as error:
        raise Invalid(f"{path.name} cannot be read as a table: {error}", code="unreadable") from error
