"""Whether a source with named columns can be a resource at all, checked before anything is loaded."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from customers.ingest.resources.base import Resource, columns_of
from retention.core.errors import Invalid

MAX_NAMED_COLUMNS = 10


def check_columns(resource: Resource, names: Iterable[str]) -> None:
    """Invalid `unknown_column`, `missing_column` or `repeated_column` with a sentence that names them."""
    names = list(names)
    known = [f.name for f in columns_of(resource)]
    if unknown := [name for name in names if name not in known]:
        message = _("%(resource)s has no column %(columns)s. Its columns are: %(known)s.")
        words = {"resource": resource.name, "columns": _format_columns(unknown), "known": ", ".join(known)}
        raise Invalid(message % words, code="unknown_column")
    if missing := [f.name for f in resource.fields if f.required and f.name not in names]:
        message = _("%(resource)s needs column %(columns)s, which the source does not have.")
        raise Invalid(message % {"resource": resource.name, "columns": _format_columns(missing)}, code="missing_column")
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        message = _("The source has column %(columns)s more than once.")
        raise Invalid(message % {"columns": _format_columns(twice)}, code="repeated_column")


def _format_columns(names: list[str]) -> str:
    return ", ".join(f"'{name[:60]}'" for name in names[:MAX_NAMED_COLUMNS]) + (
        " ..." if len(names) > MAX_NAMED_COLUMNS else ""
    )
