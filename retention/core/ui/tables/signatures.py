"""The arguments of the functions of columns, read once.

django-tables2 inspects a column's function anew for every cell: half the time of a long list. Its `signature` is
replaced by one that remembers what it said of each function, for as long as the function lives.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from django_tables2 import utils

Signature = tuple[tuple[str, ...], str | None]
inspected: Callable[[Callable[..., Any]], Signature] = utils.signature
_known: WeakKeyDictionary[Callable[..., Any], dict[bool, Signature]] = WeakKeyDictionary()


def signature(function: Callable[..., Any]) -> Signature:
    """(names of the arguments without self, name of the ** argument or None), as django-tables2 has it."""
    if isinstance(function, partial):  # one a column or a cell: nothing to remember
        return inspected(function)
    plain, is_bound = getattr(function, "__func__", function), hasattr(function, "__self__")
    of_function = _known.setdefault(plain, {})
    if is_bound not in of_function:
        of_function[is_bound] = inspected(function)
    return of_function[is_bound]


def remember_signatures() -> None:
    utils.signature = signature
