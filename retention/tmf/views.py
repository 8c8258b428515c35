"""The two views of every resource: a page of its rows, and a single row."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.http import HttpRequest, QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from customers.declarations import CONTACTS_READ
from retention.core import clock
from retention.core.api.pagination import integer_parameter
from retention.core.api.parameters import bad_parameter
from retention.core.api.views.base import ApiView
from retention.core.errors import NotFound
from retention.tmf.declarations import TM_FORUM
from retention.tmf.errors import called_version, error_schema, tmf_exception_handler
from retention.tmf.fields.base import Call, Resource
from retention.tmf.queries import count_rows, is_nullable

DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET = 20, 200, 100_000_000
MAX_SORT_KEYS = 5


class FaceView(ApiView):
    """Base of all below /tmf-api/: errors have the shape of the specifications, repeated values are alternatives."""

    scope, tag, repeatable, bad_parameter_status = CONTACTS_READ, TM_FORUM, True, 400

    @property
    def version(self) -> int:
        """Of the specification that was called."""
        return called_version(self.request.path)

    def get_exception_handler(self) -> Callable:
        return tmf_exception_handler

    def error_schema(self) -> dict[str, Any]:
        return error_schema(self.version)


class ResourceView(FaceView):
    resource: ClassVar[Resource]

    @property
    def version(self) -> int:
        return self.resource.version

    def called(self) -> Call:
        return Call(self.client, clock.today(), self.request.build_absolute_uri("/").rstrip("/"))

    def fields(self) -> list[str] | None:
        """The attributes named in `?fields=`, None for all. Names that the resource does not have are left out."""
        asked = {name.strip() for text in self.request.query_params.getlist("fields") for name in text.split(",")}
        return [name for name in self.resource.attributes if name in asked] if asked - {""} else None

    def written(self, rows: list[Any], call: Call) -> list[dict[str, Any]]:
        fields = self.fields()
        self.resource.complete(rows)
        return [self.resource.write(row, call, fields) for row in rows]


class ResourceList(ResourceView):
    def get(self, request: Request) -> Response:
        call = self.called()
        limit = integer_parameter(request, "limit", DEFAULT_LIMIT, low=0, high=MAX_LIMIT)
        offset = integer_parameter(request, "offset", 0, low=0, high=MAX_OFFSET)
        rows = filter_rows(self.resource, self.resource.rows(self.client), request.query_params, call)
        rows = sort_rows(self.resource, rows, request.query_params)
        total, exact = count_rows(rows)
        shown = self.written(self._page(rows, offset, limit, call) if limit else [], call)
        headers = {"X-Total-Count": str(total), "X-Result-Count": str(len(shown))}
        if not exact:
            headers["X-Total-Count-Estimated"] = "true"
        return Response(shown, headers=headers | self._link(offset, limit, total))

    def _page(self, rows: QuerySet, offset: int, limit: int, call: Call) -> list[Any]:
        """Keys first, from an index, so that the rows skipped by an offset are not joined."""
        keys = list(rows.values_list("pk", flat=True)[offset : offset + limit])
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
    errors = (404,)

    def get(self, request: Request, id: str) -> Response:
        resource, call = self.resource, self.called()
        try:
            row = resource.joined(resource.rows(self.client).filter(resource.by_id(id)), call).first()
        except ValueError:
            row = None
        if row is None:
            raise NotFound(f"There is no {resource.type} {id[:60]}.")
        return Response(self.written([row], call)[0])


class NotServed(FaceView):
    """The answer below /tmf-api/ where no resource is served."""

    schema = None  # type: ignore[assignment]  # not in the OpenAPI document

    def http_method_not_allowed(self, request: HttpRequest, *args: object, **kwargs: object) -> Response:
        raise NotFound("There is nothing at this address.")


def filter_rows(resource: Resource, rows: QuerySet, query: QueryDict, call: Call) -> QuerySet:
    """The rows that match every filter of the query; Invalid, with its name, for one with a bad value."""
    for name in sorted(set(query) & set(resource.filters)):
        try:
            rows = rows.filter(resource.filters[name].condition(query.getlist(name), call.today))
        except ValueError as error:
            raise bad_parameter(name, f"{name} must be {error}.") from None
    return rows


def sort_rows(resource: Resource, rows: QuerySet, query: QueryDict) -> QuerySet:
    """The rows by `?sort=-a,b`, rows without a value last; by the resource's own order without one."""
    keys = [key.strip() for text in query.getlist("sort") for key in text.split(",") if key.strip()]
    if not keys:
        return rows.order_by(*resource.order)
    if len(keys) > MAX_SORT_KEYS:
        raise bad_parameter("sort", f"sort takes at most {MAX_SORT_KEYS} names.")
    if resource.sort_within and not any(query.get(name) for name in resource.sort_within):
        raise bad_parameter("sort", f"sort needs one of {', '.join(resource.sort_within)}.")
    return rows.order_by(*(_sort_key(resource, rows, key) for key in keys), *resource.order)


def _sort_key(resource: Resource, rows: QuerySet, key: str) -> Any:
    falling = key.startswith("-")
    column = resource.sortable.get(key.removeprefix("-" if falling else "+"))
    if column is None:
        raise bad_parameter("sort", f"sort must be one of {', '.join(resource.sortable)}, with - before for falling.")
    nulls_last = True if is_nullable(rows.model, column) else None  # else the order of an index serves
    return F(column).desc(nulls_last=nulls_last) if falling else F(column).asc(nulls_last=nulls_last)
