import pytest

from analytics.declarations import RISK_READ
from customers.declarations import CONTACTS_READ
from retention.core import clock
from tests.api import make_client
from tests.factories import NOW


@pytest.fixture(autouse=True)
def frozen():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def caller(db):
    """A client that may read everything that the faces give."""
    return make_client(CONTACTS_READ, RISK_READ)
