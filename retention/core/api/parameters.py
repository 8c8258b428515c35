"""Query parameters: those that an operation documents are those it takes; any other is refused, never passed over."""

from collections.abc import Iterable

from django.http import QueryDict

from retention.core.errors import Invalid
from retention.core.ui.filters import NUL

NAME_SHOWN = 60


def bad_parameter(name: str, message: str, *, code: str = "invalid") -> Invalid:
    """The error of one query parameter; its details name it."""
    return Invalid(message, code="bad_parameter", details=[{"field": name, "code": code, "message": message}])


def check_names(query: QueryDict, known: Iterable[str], *, repeatable: bool) -> None:
    """Invalid for a parameter that is none of `known`, or that comes twice where the values are not alternatives."""
    names = sorted(known)
    for name in sorted(query):
        shown = name[:NAME_SHOWN]
        if name not in names:
            message = f"There is no parameter {shown} here; there is {', '.join(names) if names else 'none'}."
            raise bad_parameter(shown, message, code="unknown_parameter")
        if any(NUL in value for value in query.getlist(name)):
            raise bad_parameter(shown, f"{shown} holds a character that cannot be stored (NUL).", code="nul")
        if not repeatable and len(query.getlist(name)) > 1:
            raise bad_parameter(shown, f"{shown} may be given once.", code="repeated_parameter")
