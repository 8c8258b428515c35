"""One small operator, simulated once for the whole package, as Arrow tables and pandas frames."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pytest

from retention.simulator import Spec, simulate_operator

UNTIL = date(2026, 5, 17)


def tables_of(spec: Spec, truth: Path | None = None) -> dict[str, pa.Table]:
    """Every resource of an operator, its pieces joined, in the order in which they came."""
    parts: dict[str, list[pa.Table]] = defaultdict(list)
    for resource, piece in simulate_operator(spec, truth):
        parts[resource].append(piece)
    return {resource: pa.concat_tables(pieces) for resource, pieces in parts.items()}


@pytest.fixture(scope="session")
def operator(tmp_path_factory) -> SimpleNamespace:
    """2,000 subscribers over a year with 80 days of daily usage: `.spec`, `.tables`, `.truth` (folder) and
    `.frame(resource)`."""
    spec = Spec(subscribers=2_000, days=365, until=UNTIL, daily_days=80, seed=11)
    truth = tmp_path_factory.mktemp("truth")
    tables = tables_of(spec, truth)
    frames: dict[str, pd.DataFrame] = {}

    def frame(resource: str) -> pd.DataFrame:
        if resource not in frames:
            frames[resource] = tables[resource].to_pandas(date_as_object=False)
        return frames[resource]

    return SimpleNamespace(spec=spec, tables=tables, truth=truth, frame=frame)
