"""A billing system as tests play it."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from retention.core.api.models import ApiClient
from retention.core.api.scopes import SCOPES
from retention.core.api.services.clients import create_client
from tests.factories import NOW, number


@dataclass
class ApiCaller:
    """Calls /api/v1/ (or any absolute path) with the key of its client."""

    client: ApiClient
    key: str
    secret: str

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.call("DELETE", path, None, **headers)

    def call(self, method: str, path: str, body: Any, **headers: str) -> HttpResponse:
        """body: bytes as they are, anything else as JSON. Headers: Idempotency_Key="a" is sent as Idempotency-Key."""
        path = path if path.startswith("/") else f"/api/v1/{path}"
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.key}"} | {n.replace("_", "-"): v for n, v in headers.items()}
        kind = sent.pop("Content-Type", "application/json")
        return Client(raise_request_exception=False).generic(method, path, data, content_type=kind, headers=sent)


def make_client(*scopes: str, **fields: Any) -> ApiCaller:
    """A client with these scopes (all without any). fields: of ApiClient."""
    new = {
        name: fields.pop(name)
        for name in ("branch", "require_signature", "accept_signature_v1", "allowed_networks")
        if name in fields
    }
    made = create_client(name=number("client "), scopes=scopes or list(SCOPES), now=NOW, **new)
    if fields:
        ApiClient.objects.filter(pk=made.client.pk).update(**fields)
        made.client.refresh_from_db()
    return ApiCaller(made.client, made.key, made.secret)
