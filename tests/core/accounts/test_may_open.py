"""Whether a link leads a person to a page or to a refusal."""

import pytest

from retention.core.accounts.models import User
from retention.core.accounts.permissions import may_open


@pytest.mark.parametrize(
    ("role", "address", "opens"),
    [
        ("manager", "/supervise/?state=done", True),
        ("analyst", "/supervise/?state=done", False),
        ("analyst", "/customers/?sort=-arpu", True),
        ("analyst", "/scenarios/", True),
        ("agent", "/scenarios/", False),
        ("agent", "/login/", True),
        ("administrator", "/no-such-page/", False),
        ("administrator", "", False),
    ],
)
def test_a_link_is_offered_to_who_may_open_the_page(role, address, opens):
    assert may_open(user=User(username="x", role=role), address=address) is opens
