"""The two views of every face: a page of its rows, and one of them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from retention.core import clock
from retention.core.api.paging import integer_of
from retention.core.api.views import ApiView
from retention.core.errors import Invalid, NotFound
from retention.core.models import Scope
from retention.tmf.count import total_of
from retention.tmf.face import Call, Face

DEFAULT, MOST, FARTHEST = 20, 200, 100_000_000
ALWAYS = ("id", "href", "@type")
ARRANGING = {"fields", "offset", "limit"}


class FaceView(ApiView):
    scope = Scope.CONTACTS_READ
    face: ClassVar[Face]

    def called(self) -> Call:
        return Call(self.client, clock.today(), self.request.build_absolute_uri("/").rstrip("/"))

    def fields(self) -> list[str] | None:
        """The attributes that `?fields=` asks for, None for all. Invalid, naming it, for one that is none."""
        if not (text := self.request.query_params.get("fields", "")):
            return None
        asked = [name.strip() for name in text.split(",")]
        for name in asked:
            if name not in self.face.attributes and name not in ALWAYS:
                raise _bad("fields", f"{self.face.type} has no attribute {name[:60]}.", code="unknown_field")
        return [name for name in self.face.attributes if name in asked]

    def written(self, rows: list[Any], call: Call) -> list[dict[str, Any]]:
        fields = self.fields()
        self.face.complete(rows)
        return [self.face.write(row, call, fields) for row in rows]


class FaceList(FaceView):
    errors = (422,)

    def get(self, request: Request) -> Response:
        call = self.called()
        limit = integer_of(request, "limit", DEFAULT, low=0, high=MOST)
        offset = integer_of(request, "offset", 0, low=0, high=FARTHEST)
        rows = filtered(self.face, self.face.rows(self.client), request.query_params, call)
        total, exact = total_of(rows)
        shown = self.written(self._page(rows, offset, limit, call) if limit else [], call)
        headers = {"X-Total-Count": str(total), "X-Result-Count": str(len(shown))}
        if not exact:
            headers["X-Total-Count-Estimated"] = "true"
        return Response(shown, headers=headers | self._link(offset, limit, total))

    def _page(self, rows: QuerySet, offset: int, limit: int, call: Call) -> list[Any]:
        """Keys first, from an index, so that the rows an offset skips are joined with nothing."""
        keys = list(rows.order_by(*self.face.order).values_list("pk", flat=True)[offset : offset + limit])
        found = {row.pk: row for row in self.face.joined(rows.model._default_manager.filter(pk__in=keys), call)}
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


class FaceItem(FaceView):
    errors = (404, 422)

    def get(self, request: Request, id: str) -> Response:
        face, call = self.face, self.called()
        refuse_unknown(set(request.query_params), face, known={"fields"})
        try:
            row = face.joined(face.rows(self.client).filter(face.by_id(id)), call).first()
        except ValueError:
            row = None
        if row is None:
            raise NotFound(f"There is no {face.type} {id[:60]}.")
        return Response(self.written([row], call)[0])


def filtered(face: Face, rows: QuerySet, query: QueryDict, call: Call) -> QuerySet:
    """The rows that the query asks for; Invalid, naming it, for a parameter unknown or with a value it cannot have."""
    refuse_unknown(set(query), face, known={*face.filters, *ARRANGING})
    for name in sorted(set(query) & set(face.filters)):
        for asked in query.getlist(name):
            try:
                rows = rows.filter(face.filters[name].condition(asked, call.today))
            except ValueError as error:
                raise _bad(name, f"{name} must be {error}.") from None
    return rows


def refuse_unknown(asked: set[str], face: Face, *, known: set[str]) -> None:
    if unknown := asked - known:
        name = min(unknown)
        says = f"{face.type} cannot be asked by {name[:60]}; it can by {', '.join(sorted(known))}."
        raise _bad(name[:60], says, code="unknown_parameter")


def _bad(name: str, message: str, *, code: str = "invalid") -> Invalid:
    return Invalid(message, code="bad_parameter", details=[{"field": name, "code": code, "message": message}])
