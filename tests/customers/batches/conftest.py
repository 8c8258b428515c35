import pytest

from customers.declarations import FACTS_WRITE
from tests.api import make_client


@pytest.fixture
def caller():
    """The billing system: a client that may write facts."""
    return make_client(FACTS_WRITE)
