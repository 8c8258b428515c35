from collections.abc import Iterator

import pytest

from tests.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.down()


@pytest.fixture
def hook(db, receiver):
    """A webhook of a client that sees everything, with its secret, for every event."""
    from tests.core.webhooks.hooks import make_hook

    return make_hook(url=receiver.url)
