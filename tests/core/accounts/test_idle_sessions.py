"""Who has been away too long signs in again; a page that refreshes by itself does not keep anybody signed in."""

import pytest

from retention.core.accounts import middleware
from retention.core.accounts.roles import IDLE_MINUTES, Role
from retention.core.audit.models import AuditEntry


@pytest.fixture
def moving(monkeypatch):
    """`moving(minutes)` moves the clock of the sessions on."""
    at = [1_800_000_000.0]
    monkeypatch.setattr(middleware.time, "time", lambda: at[0])

    def move(minutes: float) -> None:
        at[0] += minutes * 60

    return move


def is_in(client, **headers) -> bool:
    return client.get("/me/", headers=headers).status_code == 200


def test_every_role_has_an_idle_time():
    assert set(IDLE_MINUTES) == set(Role.values)


@pytest.mark.parametrize(("who", "minutes"), [("ana", 60), ("sam", 60), ("mia", 30), ("lin", 30), ("ada", 15)])
def test_a_session_ends_after_the_idle_time_of_the_role(client, request, moving, who, minutes):
    client.force_login(request.getfixturevalue(who))
    assert is_in(client)
    moving(minutes - 1)
    assert is_in(client)
    moving(minutes + 1)
    assert not is_in(client)
    assert AuditEntry.objects.get(action="session.close").detail == {"reason": "idle"}


@pytest.mark.parametrize("header", ["X-Seen", "X-Poll"])
def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(client, ada, moving, header):
    client.force_login(ada)
    assert is_in(client)
    for _ in range(4):
        moving(4)
        answer = client.get("/notices/", headers={header: "1"})
    assert answer.status_code == 302


def test_a_page_that_only_refreshes_itself_has_a_clock_too(client, ada, moving):
    client.force_login(ada)
    is_in(client, **{"X-Poll": "1"})
    moving(16)
    assert not is_in(client)


@pytest.mark.parametrize("path", ["/livez", "/metrics"])
def test_health_asks_no_database_who_is_there(client, mia, path, django_assert_num_queries):
    client.force_login(mia)
    with django_assert_num_queries(0):
        client.get(path)


def test_a_session_is_written_once_a_minute_at_most(client, mia, moving, django_assert_num_queries):
    client.force_login(mia)
    is_in(client)
    stored = client.session[middleware.LAST_USED]
    moving(0.5)
    is_in(client)
    assert client.session[middleware.LAST_USED] == stored
    moving(1)
    is_in(client)
    assert client.session[middleware.LAST_USED] > stored
