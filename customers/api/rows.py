"""One fact at once: PUT /api/v1/{resource}/{key}."""

from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.schemas import FactIn
from customers.batches.rows import key_of, put_row
from customers.ingest import resource_named
from customers.ingest.resource import Resource
from retention.core import clock
from retention.core.api.bodies import json_object
from retention.core.api.views import ApiView
from retention.core.models import Scope


class RowOf(ApiView):
    """`resource`: set by the route."""

    scope = Scope.FACTS_WRITE
    errors = (400, 404, 413, 422)
    schema = FactIn()
    resource: Resource | None = None

    def put(self, request: Request, key: str, resource: str = "") -> Response:
        described = self.resource or resource_named(resource)
        named = key_of(described, key)
        found = put_row(
            resource=described, key=named, row=json_object(request), client=self.client.name, now=clock.now()
        )
        state = "waiting" if found.waiting else "applied" if found.applied else "unchanged"
        status = 202 if found.waiting else 201 if found.created else 200
        return Response({"resource": described.name, "key": named, "state": state}, status=status)
