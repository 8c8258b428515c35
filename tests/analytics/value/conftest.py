from collections.abc import Iterator

import pytest

from analytics.value.columns import forget


@pytest.fixture(autouse=True)
def fresh_columns() -> Iterator[None]:
    """The planner keeps columns; a test must not see those of another."""
    forget()
    yield
    forget()
