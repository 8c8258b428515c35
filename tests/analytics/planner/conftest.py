from collections.abc import Iterator

import pytest

from analytics.planner.queries import clear_cache


@pytest.fixture(autouse=True)
def fresh_columns() -> Iterator[None]:
    """The planner keeps columns; a test must not see those of another."""
    clear_cache()
    yield
    clear_cache()
