"""The door of the API: keys, scopes, addresses, signatures, rate."""

import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta, timezone

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import path
from django.utils import timezone as timezone_of_django
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from analytics.declarations import RISK_READ
from customers.declarations import FACTS_WRITE
from retention.core import clock
from retention.core.api.bodies import JsonRenderer, json_object
from retention.core.api.models import ApiClient, SignedRequest
from retention.core.api.services.clients import revoke_client, rotate_key
from retention.core.api.services.signing import request_target
from retention.core.api.views.base import ApiView
from retention.core.errors import Invalid
from retention.core.secrets import sign, sign_v1
from tests.api import make_client
from tests.factories import NOW, make_branch


class Probe(ApiView):
    scope = RISK_READ

    @extend_schema(parameters=[OpenApiParameter("q"), OpenApiParameter("x")])
    def get(self, request, name="none"):
        return Response({"name": name, "client": self.client.name})

    def post(self, request):
        return Response(json_object(request))


urlpatterns = [path("probe/", Probe.as_view()), path("probe/<str:name>/", Probe.as_view())]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def code(response):
    return response.json()["error"]["code"]


def test_a_key_with_the_scope_is_let_in():
    caller = make_client(RISK_READ)
    answer = caller.get("/probe/")
    assert (answer.status_code, answer.json()["client"]) == (200, caller.client.name)
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer rk_wrong", "Basic YTpi", "Bearer \u9053", "Bearer rk_\x00"])
def test_no_key_or_a_wrong_one_is_told_401_and_how(sent):
    caller = make_client()
    answer = caller.get("/probe/", Authorization=sent)
    assert (answer.status_code, code(answer)) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_instants_are_told_in_the_offset_of_the_operator_whatever_zone_they_come_in():
    at = NOW.replace(microsecond=0)
    told = [at.astimezone(UTC), at.astimezone(timezone(timedelta(hours=-5))), timezone_of_django.localtime(at)]
    said = json.loads(JsonRenderer().render({"at": told, "on": at.date()}))
    assert said == {"at": [at.strftime("%Y-%m-%dT%H:%M:%S+08:00")] * 3, "on": str(at.date())}


def test_a_missing_scope_is_named():
    answer = make_client(FACTS_WRITE).get("/probe/")
    assert (answer.status_code, code(answer)) == (403, "missing_scope")
    assert "risk:read" in answer.json()["error"]["message"]


def test_who_sends_facts_cannot_be_limited_to_a_branch():
    with pytest.raises(Invalid) as refused:
        make_client(FACTS_WRITE, branch=make_branch())
    assert refused.value.code == "branch_limited"


def test_a_revoked_client_is_shut_out_at_once():
    caller = make_client()
    revoke_client(client=caller.client, now=NOW)
    assert caller.get("/probe/").status_code == 401


def test_two_keys_live_during_a_change_over_and_the_old_one_ends():
    caller = make_client()
    with clock.freeze(NOW):
        newer = rotate_key(client=caller.client, now=NOW)
        assert caller.get("/probe/").status_code == 200
        assert caller.get("/probe/", Authorization=f"Bearer {newer.key}").status_code == 200
    with clock.freeze(NOW + timedelta(hours=25)):
        assert caller.get("/probe/").status_code == 401
        assert caller.get("/probe/", Authorization=f"Bearer {newer.key}").status_code == 200


def test_only_allowed_addresses():
    assert make_client(allowed_networks=["10.0.0.0/8"]).get("/probe/").status_code == 403
    assert make_client(allowed_networks=["127.0.0.1"]).get("/probe/").status_code == 200


def signed(caller, body=b'{"a": 1}', at=None, secret=None, path="/probe/", method="POST", sent_as=None, **headers):
    """A request signed for method and path, sent as (method, path)."""
    at = f"{clock.now().timestamp() if at is None else at:.6f}"
    signature = f"v2={sign(secret or caller.secret, at, method, path, body)}"
    return caller.call(*(sent_as or (method, path)), body, X_Timestamp=at, X_Signature=signature, **headers)


def signed_v1(caller, body=b'{"a": 1}', path="/probe/"):
    at = f"{clock.now().timestamp():.6f}"
    return caller.post(path, body, X_Timestamp=at, X_Signature=sign_v1(caller.secret, at, body))


def test_a_client_that_must_sign_is_let_in_by_a_signature_only():
    caller = make_client(require_signature=True)
    assert code(caller.post("/probe/", {"a": 1})) == "signature_missing"
    assert signed(caller).json() == {"a": 1}
    assert code(signed(caller, secret="another")) == "signature_wrong"
    assert code(signed(caller, at=time.time() - 301)) == "signature_expired"
    assert code(signed(caller, at=time.time() + 301)) == "signature_expired"
    assert code(caller.post("/probe/", {"a": 1}, X_Timestamp="nan", X_Signature="00")) == "signature_expired"


def test_the_signature_is_written_as_the_contract_says():
    message = b'1764380000.5.POST./api/v1/batches/plans?a=1.{"a": 1}'
    expected = hmac.new(b"secret", message, hashlib.sha256).hexdigest()
    assert sign("secret", "1764380000.5", "POST", "/api/v1/batches/plans?a=1", b'{"a": 1}') == expected


@pytest.mark.parametrize("sent_as", [("PUT", "/probe/"), ("POST", "/probe/other/"), ("POST", "/probe/?a=1")])
def test_a_signature_fits_no_other_method_path_or_query(sent_as):
    caller = make_client(require_signature=True)
    assert code(signed(caller, sent_as=sent_as)) == "signature_wrong"


def test_the_query_is_signed_as_it_is_sent():
    caller = make_client(require_signature=True)
    path = "/probe/%E7%94%B2/?q=a%20b+c&x=~.1"
    answer = signed(caller, body=b"", method="GET", path=path)
    assert (answer.status_code, answer.json()["name"]) == (200, "甲")


@pytest.mark.parametrize(
    ("raw", "target"),
    [
        ("/probe/%e7?q=a+b", "/probe/%e7?q=a+b"),
        ("http://centre.example/probe/?q=1", "/probe/?q=1"),
        (None, "/probe/?q=a%20b"),
    ],
)
def test_the_target_is_the_line_that_the_server_got(raw, target):
    request = RequestFactory().get("/probe/?q=a%20b", **({"RAW_URI": raw} if raw else {}))
    assert request_target(request) == target


def test_a_signed_target_cannot_be_cut_at_a_full_stop_into_a_body():
    caller = make_client(require_signature=True)
    at = f"{clock.now().timestamp():.6f}"
    signature = f"v2={sign(caller.secret, at, 'GET', '/probe/?a=1.2', b'')}"
    answer = caller.call("GET", "/probe/?a=1", b"2.", X_Timestamp=at, X_Signature=signature)
    assert code(answer) == "signature_wrong"


def test_the_older_signature_is_for_clients_that_are_set_to_it():
    assert code(signed_v1(make_client(require_signature=True))) == "signature_version"
    older = make_client(require_signature=True, accept_signature_v1=True)
    assert signed_v1(older).json() == {"a": 1}
    assert signed(older).json() == {"a": 1}
    at = f"{clock.now().timestamp():.6f}"
    other = caller_post(older, at, f"v3={sign_v1(older.secret, at, b'{}')}")
    assert code(other) == "signature_version"


def caller_post(caller, at, signature):
    return caller.post("/probe/", b"{}", X_Timestamp=at, X_Signature=signature)


def test_a_signed_request_sent_again_is_refused_unless_it_is_the_same_under_its_idempotency_key():
    caller = make_client(require_signature=True)
    at = time.time()
    assert signed(caller, at=at).status_code == 200
    assert code(signed(caller, at=at)) == "replayed"
    assert code(signed(caller, at=at, Idempotency_Key="k")) == "replayed"
    assert signed(caller, at=at + 1, Idempotency_Key="k").status_code == 200
    assert signed(caller, at=at + 1, Idempotency_Key="k").status_code == 200
    assert SignedRequest.objects.count() == 2


def test_the_rate_is_limited_with_the_time_to_wait():
    caller = make_client(rate_per_second=1, burst=3)
    began, allowed = time.monotonic(), 0
    while (refused := caller.get("/probe/")).status_code == 200:
        allowed += 1
    assert 3 <= allowed <= 3 + int(time.monotonic() - began) + 1  # a slow machine is given back what it waited for
    assert (code(refused), refused["Retry-After"]) == ("rate_limited", "1")


@pytest.mark.django_db(transaction=True)
def test_the_rate_is_exact_when_many_call_at_once():
    caller = make_client(rate_per_second=1, burst=20)

    def call(_number):
        try:
            return caller.get("/probe/").status_code
        finally:
            connection.close()

    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(call, range(60)))
    refilled = int(time.monotonic() - began) + 1
    assert 20 <= statuses.count(200) <= 20 + refilled
    assert set(statuses) == {200, 429}


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'"a"', b"\xff", b"{" * 5000])
def test_a_body_that_is_no_object_is_malformed(body):
    answer = make_client().post("/probe/", body)
    assert (answer.status_code, code(answer)) == (400, "malformed_json")


def test_a_body_above_the_limit_is_refused():
    answer = make_client().post("/probe/", b'{"a": "' + b"x" * (1 << 20) + b'"}')
    assert (answer.status_code, code(answer)) == (413, "too_large")


def test_wrong_methods_and_addresses_have_the_one_shape():
    caller = make_client()
    assert code(caller.put("/probe/")) == "method_not_allowed"
    assert code(caller.get("/probe/a%00b/")) == "not_found"


def test_the_key_is_not_kept():
    caller = make_client()
    kept = ApiClient.objects.get().keys.get()
    assert caller.key not in (kept.digest, kept.sealed_secret)
    assert caller.secret not in kept.sealed_secret
