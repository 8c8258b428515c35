"""Guessing passwords is slowed down for the guesser, and for him alone as long as possible."""

from datetime import timedelta

import pytest
from axes.handlers import proxy
from axes.models import AccessFailureLog
from django.core.cache import cache
from django.utils import timezone

from retention.core.accounts.services import sign_in
from retention.core.audit.models import AuditEntry
from tests.factories import PASSWORD

LOGIN = "/login/"
LOCKED = 429


@pytest.fixture(autouse=True)
def guarded(settings, db):
    settings.AXES_ENABLED = True
    settings.BEHIND_PROXY = True
    cache.clear()


def attempt(client, name, *, password="wrong", address="203.0.113.7"):
    return client.post(
        LOGIN, {"username": name, "password": password}, REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": address}
    ).status_code


def test_five_wrong_passwords_lock_the_name_for_that_address_only(client, mia):
    answers = [attempt(client, "mia") for _ in range(6)]
    assert answers[-1] == LOCKED
    assert attempt(client, "mia", password=PASSWORD) == LOCKED
    assert attempt(client, "mia", password=PASSWORD, address="198.51.100.4") == 302


def test_twenty_failures_of_a_name_within_the_hour_lock_it_everywhere(client, mia, lin):
    for number in range(sign_in.FAILURES_OF_A_NAME):
        attempt(client, "mia", address=f"203.0.113.{number}")
    assert attempt(client, "mia", password=PASSWORD, address="198.51.100.4") == LOCKED
    assert attempt(client, "lin", password=PASSWORD, address="198.51.100.4") == 302


def test_a_hundred_failures_from_an_address_lock_the_address(client, mia):
    for number in range(sign_in.FAILURES_OF_AN_ADDRESS):
        attempt(client, f"name{number}")
    assert attempt(client, "mia", password=PASSWORD) == LOCKED
    assert attempt(client, "mia", password=PASSWORD, address="198.51.100.4") == 302


def test_without_a_proxy_the_header_is_not_believed(client, mia, settings):
    settings.BEHIND_PROXY = False
    for number in range(6):
        attempt(client, "mia", address=f"203.0.113.{number}")
    assert attempt(client, "mia", password=PASSWORD, address="198.51.100.4") == LOCKED


def test_signing_in_failing_and_out_are_in_the_trail_with_the_address(client, mia):
    attempt(client, "mia")
    attempt(client, "my-password-in-the-wrong-field")
    attempt(client, "mia", password=PASSWORD)
    client.post("/logout/")
    entries = AuditEntry.objects.filter(action__startswith="session.").order_by("pk")
    assert [(entry.action, entry.target, entry.detail.get("address")) for entry in entries] == [
        ("session.refused", "user:mia", "203.0.113.7"),
        ("session.refused", "user:?", "203.0.113.7"),
        ("session.open", "user:mia", "203.0.113.7"),
        ("session.close", "user:mia", None),
    ]
    assert "my-password" not in str([entry.target for entry in entries])


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.7:5544", "203.0.113.7"),
        ("10.0.0.1, 203.0.113.7", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", "127.0.0.1"),
        ("_hidden, ", "127.0.0.1"),
        ("1.2.3", "127.0.0.1"),
    ],
)
def test_the_address_is_read_as_proxies_write_it(client, mia, forwarded, address):
    assert attempt(client, "mia", address=forwarded) == 200
    assert AuditEntry.objects.get(action="session.refused").detail["address"] == address


def test_guessing_on_while_locked_fills_no_table_and_lengthens_no_lock(client, mia, monkeypatch):
    for _ in range(12):
        attempt(client, "mia")
    assert AuditEntry.objects.filter(action="session.refused").count() == 5
    assert AccessFailureLog.objects.count() == 5
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(proxy, "now", lambda: later)
    assert attempt(client, "mia", password=PASSWORD) == 302


def test_an_administrator_unlocks_a_name_that_is_under_attack(client, mia, ada):
    for number in range(sign_in.FAILURES_OF_A_NAME):
        attempt(client, "mia", address=f"203.0.113.{number}")
    assert attempt(client, "mia", password=PASSWORD) == LOCKED
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/administration/people/of/mia/unlock/")
    client.logout()
    assert attempt(client, "mia", password=PASSWORD) == 302
    entry = AuditEntry.objects.get(action="session.unlock")
    assert (entry.actor_name, entry.target, entry.detail) == ("ada", "user:mia", {"forgotten": 20})


def test_the_administration_has_no_second_door(client, ana):
    assert client.get("/admin/login/?next=/admin/core/job/").headers["Location"] == "/login/?next=/admin/core/job/"
    client.force_login(ana)
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_old_failures_are_dropped(client, mia):
    attempt(client, "mia")
    assert sign_in.purge_failures() == 0
