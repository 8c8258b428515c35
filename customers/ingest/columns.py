"""Whether a source with named columns can be a resource at all, told before anything is loaded."""

from collections import Counter
from collections.abc import Iterable

from customers.ingest.resource import Resource
from customers.ingest.validation import columns_of
from retention.core.errors import Invalid

SHOWN = 10


def check_columns(resource: Resource, names: Iterable[str]) -> None:
    """Invalid `unknown_column`, `missing_column` or `repeated_column` with a sentence that names them."""
    names = list(names)
    known = [f.name for f in columns_of(resource)]
    if unknown := [name for name in names if name not in known]:
        raise Invalid(
            f"{resource.name} has no {_named(unknown)}. Its columns are: {', '.join(known)}.", code="unknown_column"
        )
    if missing := [f.name for f in resource.fields if f.required and f.name not in names]:
        raise Invalid(
            f"{resource.name} needs {_named(missing)}, which the source does not have.", code="missing_column"
        )
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise Invalid(f"The source has {_named(twice)} more than once.", code="repeated_column")


def _named(names: list[str]) -> str:
    quoted = ", ".join(f"'{name[:60]}'" for name in names[:SHOWN]) + (" and others" if len(names) > SHOWN else "")
    return f"column {quoted}" if len(names) == 1 else f"columns {quoted}"
