"""How large a body is read for whom, decided by the head of the request."""

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from customers.imports.services.storage import MAX_FILE_BYTES
from retention.core.api.bodies import DEFAULT_BODY_BYTES, MAX_BODY_BYTES
from retention.core.api.services.clients import revoke_client
from retention.serving import admission
from retention.serving.admission import OPEN_FORM_BYTES, admit, most_bytes
from tests.api import make_client
from tests.factories import NOW

pytestmark = pytest.mark.django_db
BATCHES = "/api/v1/batches/usage-days"


def limit(path: str, **meta: str) -> int:
    return most_bytes({"REQUEST_METHOD": "POST", "PATH_INFO": path, "SCRIPT_NAME": "", "SERVER_NAME": "x"} | meta)


def bearer(key: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {key}"}


def test_a_known_key_may_send_what_the_endpoint_takes():
    key = bearer(make_client().key)
    assert limit(BATCHES, **key) == MAX_BODY_BYTES
    assert limit("/api/v1/events", **key) == limit("/api/v1/plans/A", **key) == DEFAULT_BODY_BYTES


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer rk_wrong", "Basic YTpi", "Bearer \u9053"])
def test_nobody_else_may_send_anything_to_the_api(header):
    assert limit(BATCHES, HTTP_AUTHORIZATION=header) == 0


def test_a_revoked_key_and_another_address_may_send_nothing():
    caller = make_client(allowed_networks=["10.9.0.0/16"])
    assert limit(BATCHES, **bearer(caller.key), REMOTE_ADDR="10.9.1.1") == MAX_BODY_BYTES
    assert limit(BATCHES, **bearer(caller.key), REMOTE_ADDR="10.8.1.1") == 0
    revoke_client(client=caller.client, now=NOW)
    assert limit(BATCHES, **bearer(caller.key), REMOTE_ADDR="10.9.1.1") == 0


def test_a_page_reads_a_file_from_who_is_signed_in_and_a_form_where_one_signs_in(mia):
    visitor = Client()
    visitor.force_login(mia, backend="django.contrib.auth.backends.ModelBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={visitor.cookies[settings.SESSION_COOKIE_NAME].value}"
    assert limit("/imports/", HTTP_COOKIE=cookie) > MAX_FILE_BYTES
    assert limit("/imports/") == limit("/imports/", HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}=x") == 0
    assert limit("/login/") == OPEN_FORM_BYTES
    visitor.logout()
    assert limit("/imports/", HTTP_COOKIE=cookie) == 0


def test_without_a_database_nothing_is_read(monkeypatch):
    def lost(environ):
        raise OperationalError("gone")

    monkeypatch.setattr(admission, "close_old_connections", lambda: None)
    monkeypatch.setattr(admission, "most_bytes", lost)
    assert admit({}) == 0


@pytest.mark.parametrize("path", ["/nowhere/", "/api/v1/nowhere/at/all", "/\0", "/\xff"])
def test_an_address_that_is_none_reads_nothing(path):
    assert limit(path) == 0
