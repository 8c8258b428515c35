from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import redis
from django.db import OperationalError
from django.test import Client

from retention.core import clock
from retention.core.health import services as health

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def no_heartbeat_yet():
    health.store.delete(health.HEARTBEAT_KEY)


def test_alive_asks_nothing_of_the_database(client: Client):
    client.cookies["sessionid"] = "of-some-signed-in-person"
    answer = client.get("/livez")  # without the db fixture any query fails the test
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_ready_names_its_three_parts(client: Client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok", "migrations": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ask", "error", "part"),
    [
        ("_ask_database", OperationalError("gone"), "database"),
        ("_ask_broker", redis.ConnectionError("gone"), "broker"),
    ],
)
def test_a_part_that_is_gone_is_named_and_answers_503(client, monkeypatch, ask: str, error: Exception, part: str):
    def fail() -> str:
        raise error

    monkeypatch.setattr(health, ask, fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert {name for name, state in answer.json().items() if state not in {"ok", "failing"}} == {part}


@pytest.mark.django_db
def test_migrations_that_wait_are_counted(client: Client, monkeypatch: pytest.MonkeyPatch):
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    monkeypatch.setattr(health, "_up_to_date", False)
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"].endswith("not applied")


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (119, 200), (121, 503)])
def test_consuming_means_a_heartbeat_within_two_minutes(client: Client, seconds: int, status: int):
    health.record_heartbeat(now=NOW - timedelta(seconds=seconds))
    with clock.freeze(NOW):
        assert client.get("/consumez").status_code == status


def test_consuming_says_when_nothing_was_ever_consumed(client: Client):
    answer = client.get("/consumez")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "no task has been consumed yet"


@pytest.mark.django_db
def test_figures_are_open_and_name_no_person(client: Client):
    client.get("/livez")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"django_http_requests" in answer.content


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/consumez", "/metrics"])
def test_health_is_never_cached_and_only_read(client: Client, path: str):
    assert client.post(path).status_code == 405
