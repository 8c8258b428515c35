import pytest

from campaigns.messages import gateways
from tests.campaigns.messages.rows import Provider


@pytest.fixture
def provider(monkeypatch, settings):
    """The provider of every channel; it takes what it is given unless told otherwise."""
    settings.MESSAGE_GATEWAYS = {"sms": "fake", "email": "fake", "app": "fake"}
    made = Provider()
    for module in ("sending", "doubts", "incoming"):
        monkeypatch.setattr(f"campaigns.messages.services.{module}.gateway", lambda name: made)
    assert gateways.gateway_name("sms") == "fake"
    return made
