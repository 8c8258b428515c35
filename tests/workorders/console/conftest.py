import pytest


@pytest.fixture
def ana(floor, client):
    client.force_login(floor[1][0])
    return floor[1][0]
