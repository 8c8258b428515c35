"""Pages are sent packed to whoever can unpack them; what machines and downloads get is as it was."""

import gzip

import pytest

from tests.factories import make_user

pytestmark = pytest.mark.django_db
PACKED = {"accept-encoding": "gzip"}


def test_a_page_is_packed_for_a_browser_and_is_the_same(client):
    client.force_login(make_user(role="manager"))
    plain = client.get("/customers/")
    packed = client.get("/customers/", headers=PACKED)
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert "Accept-Encoding" in packed.headers["Vary"]
    page = gzip.decompress(packed.content)
    assert b"</html>" in page and len(packed.content) < len(page) / 3


@pytest.mark.parametrize("address", ["/api/v1/schema/", "/static/js/page.js", "/customers/?export=csv"])
def test_nothing_else_is_packed_by_us(client, address):
    client.force_login(make_user(role="manager"))
    response = client.get(address, headers=PACKED)
    assert (
        response.status_code == 200
        and not response.headers["Content-Type"].startswith("text/html")
        and "Content-Encoding" not in response.headers
    )
