import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def own_place() -> Iterator[Path]:
    """A temporary folder not under pytest's: each pytest run closes that one to other users, running servers too."""
    folder = Path(tempfile.mkdtemp(prefix="retention-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_folder() -> Iterator[Path]:
    with own_place() as folder:
        yield folder
