"""What scenarios know of work orders, rows of an upper layer: it offers here, when it starts, the types that a scenario
may open, and how the order of a hit went."""

from collections.abc import Callable

from django.db.models import CharField, Value
from django.db.models.expressions import Combinable

OrderTypes = Callable[[], list[tuple[str, str]]]
_sources: list[OrderTypes] = []


def register_order_types(order_types: OrderTypes) -> None:
    """Register a function that gives (code, name in the reader's language) of every type in use."""
    if order_types not in _sources:
        _sources.append(order_types)


def order_types() -> list[tuple[str, str]]:
    return [choice for one in _sources for choice in one()]


OrderResult = Callable[[], Combinable]
_results: list[OrderResult] = []


def register_order_result(order_result: OrderResult) -> None:
    """Register a function that gives, over hits, where the order of a hit stands or how it ended, in words."""
    if order_result not in _results:
        _results.append(order_result)


def order_result() -> Combinable:
    return _results[0]() if _results else Value(None, CharField())
