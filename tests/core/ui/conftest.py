import threading
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    from tests.core.ui.server import serve

    server = serve()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
