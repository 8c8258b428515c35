"""The two views of every resource: a page of its rows, and a single row."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from customers.declarations import CONTACTS_READ
from retention.core import clock
from retention.core.api.pagination import integer_parameter
from retention.core.api.views.base import ApiView
from retention.core.errors import Invalid, NotFound
from retention.tmf.declarations import TM_FORUM
from retention.tmf.fields import Call, Resource
from retention.tmf.queries import count_rows

DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET = 20, 200, 100_000_000
REQUIRED_FIELDS = ("id", "href", "@type")
PAGING_PARAMETERS = {"fields", "offset", "limit"}


class ResourceView(ApiView):
    scope, tag, repeatable = CONTACTS_READ, TM_FORUM, True
    resource: ClassVar[Resource]

    def called(self) -> Call:
        return Call(self.client, clock.today(), self.request.build_absolute_uri("/").rstrip("/"))

    def fields(self) -> list[str] | None:
        """The attributes named in `?fields=`, None for all. Invalid, with the name, for an unknown one."""
        if not (text := self.request.query_params.get("fields", "")):
            return None
        asked = [name.strip() for name in text.split(",")]
        for name in asked:
            if name not in self.resource.attributes and name not in REQUIRED_FIELDS:
                raise _bad_parameter(
                    "fields", f"{self.resource.type} has no attribute {name[:60]}.", code="unknown_field"
                )
        return [name for name in self.resource.attributes if name in asked]

    def written(self, rows: list[Any], call: Call) -> list[dict[str, Any]]:
        fields = self.fields()
        self.resource.complete(rows)
        return [self.resource.write(row, call, fields) for row in rows]


class ResourceList(ResourceView):
    errors = (422,)

    def get(self, request: Request) -> Response:
        call = self.called()
        limit = integer_parameter(request, "limit", DEFAULT_LIMIT, low=0, high=MAX_LIMIT)
        offset = integer_parameter(request, "offset", 0, low=0, high=MAX_OFFSET)
        rows = filter_rows(self.resource, self.resource.rows(self.client), request.query_params, call)
        total, exact = count_rows(rows)
        shown = self.written(self._page(rows, offset, limit, call) if limit else [], call)
        headers = {"X-Total-Count": str(total), "X-Result-Count": str(len(shown))}
        if not exact:
            headers["X-Total-Count-Estimated"] = "true"
        return Response(shown, headers=headers | self._link(offset, limit, total))

    def _page(self, rows: QuerySet, offset: int, limit: int, call: Call) -> list[Any]:
        """Keys first, from an index, so that the rows skipped by an offset are not joined."""
        keys = list(rows.order_by(*self.resource.order).values_list("pk", flat=True)[offset : offset + limit])
        found = {row.pk: row for row in self.resource.joined(rows.model._default_manager.filter(pk__in=keys), call)}
        return [found[key] for key in keys if key in found]

    def _link(self, offset: int, limit: int, total: int) -> dict[str, str]:
        places = {"first": 0, "prev": max(offset - limit, 0) if offset else None}
        places["next"] = offset + limit if limit and offset + limit < total else None
        links = [f'<{self._address(at)}>; rel="{name}"' for name, at in places.items() if at is not None]
        return {"Link": ", ".join(links)}

    def _address(self, offset: int) -> str:
        query = self.request.query_params.copy()
        query["offset"] = str(offset)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


class ResourceItem(ResourceView):
    errors = (404, 422)

    def get(self, request: Request, id: str) -> Response:
        resource, call = self.resource, self.called()
        refuse_unknown(set(request.query_params), resource, known={"fields"})
        try:
            row = resource.joined(resource.rows(self.client).filter(resource.by_id(id)), call).first()
        except ValueError:
            row = None
        if row is None:
            raise NotFound(f"There is no {resource.type} {id[:60]}.")
        return Response(self.written([row], call)[0])


def filter_rows(resource: Resource, rows: QuerySet, query: QueryDict, call: Call) -> QuerySet:
    """The rows that match the query; Invalid, with the name, for an unknown parameter or an invalid value."""
    refuse_unknown(set(query), resource, known={*resource.filters, *PAGING_PARAMETERS})
    for name in sorted(set(query) & set(resource.filters)):
        for asked in query.getlist(name):
            try:
                rows = rows.filter(resource.filters[name].condition(asked, call.today))
            except ValueError as error:
                raise _bad_parameter(name, f"{name} must be {error}.") from None
    return rows


def refuse_unknown(asked: set[str], resource: Resource, *, known: set[str]) -> None:
    if unknown := asked - known:
        name = min(unknown)
        message = f"{resource.type} cannot be asked by {name[:60]}; it can by {', '.join(sorted(known))}."
        raise _bad_parameter(name[:60], message, code="unknown_parameter")


def _bad_parameter(name: str, message: str, *, code: str = "invalid") -> Invalid:
    return Invalid(message, code="bad_parameter", details=[{"field": name, "code": code, "message": message}])
