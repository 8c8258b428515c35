import pytest

from retention.core.accounts.models import Team
from workorders.order_types.services import install_order_types


@pytest.fixture
def crew(floor) -> Team:
    """The group of the floor, with the types that ship."""
    install_order_types()
    return floor[0]
