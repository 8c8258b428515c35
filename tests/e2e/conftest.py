"""What the browser tests share: they run by the real clock, so calls are allowed at any hour of it."""

import pytest

from campaigns.outreach.models import ContactPolicy


@pytest.fixture(autouse=True)
def calls_at_any_hour(transactional_db):
    ContactPolicy.objects.create(calls_from="00:00", calls_until="23:59:59.999999")
