import pytest

from tests.customers.ingest.rows import make_operator


@pytest.fixture
def operator(db: None) -> None:
    """A branch, a plan and the lines S1, S2, S3."""
    make_operator()
