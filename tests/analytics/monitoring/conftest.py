import pytest

from analytics.monitoring.services.alarms import install_thresholds


@pytest.fixture
def thresholds(db):
    """The thresholds that ship."""
    install_thresholds()
