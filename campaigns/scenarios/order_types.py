"""Which order types a scenario may open. They are rows of an upper layer, which offers them here when it starts."""

from collections.abc import Callable

OrderTypes = Callable[[], list[tuple[str, str]]]
_sources: list[OrderTypes] = []


def register_order_types(order_types: OrderTypes) -> None:
    """Register a function that gives (code, name in the reader's language) of every type in use."""
    if order_types not in _sources:
        _sources.append(order_types)


def order_types() -> list[tuple[str, str]]:
    return [choice for one in _sources for choice in one()]
