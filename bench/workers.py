"""Processes that do one work together, as the workers of a centre do."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from django.db import connections

WORKERS = 2
T = TypeVar("T")


def together(work: Callable[[], T]) -> list[T]:
    """What `work` returns in each of WORKERS processes, which all begin it at once. It travels as a pickle."""
    connections.close_all()  # a process may not use the connection of another
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("fork")) as workers:
        return list(workers.map(partial(_do, work), range(WORKERS)))


def _do(work: Callable[[], T], _worker: int) -> T:
    try:
        return work()
    finally:
        connections.close_all()
