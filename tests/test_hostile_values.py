"""Every page x what nobody sends by mistake: whatever stands in its address or its form, the answer is never a 500.

Pages come from tests/test_permissions.py, a real row behind each; parameters from the page's filters, links and fields.
Each page gets a third of the values, the next page another third; HOSTILE_SHARE=1 sends every page all of them.
"""

import os
import re
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from retention.core import clock
from retention.core.accounts.models import User
from tests.factories import NOW
from tests.places import make_places
from tests.test_permissions import READ, ROLES, WRITE, people  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

# Percent-encoded, as they stand in an address. %C2%B2 is ², a digit that is no number; %ED%A0%80 half a character.
HOSTILE = (
    "S1%00", "-5", "9999-12-31", "0001-01-01", "99999-01-01", "0000-00", "99999999999999999999",
    "9" * 5000, "1e400", "NaN", "%C2%B2", "%ED%A0%80", "%0D%0AX:1", "%25s%25(x)s{0}",
    "'%22%3E%3Cscript%3E", "--", "__class__", "%5B%7B%7D%5D",
)  # fmt: skip
SHARE = int(os.environ.get("HOSTILE_SHARE", "3"))
ALONE = ("-5", "99999999999999999999", "9999-12-31")
LAYOUT = ("page", "per_page", "sort", "export")
OTHERS = (
    "columns", "view", "live", "q", "state", "seen", "whole", "corrects", "period", "month", "branch", "curve", "lang",
)  # fmt: skip
# What views read of a form without a page of its own.
POSTED = (
    "action", "all", "row", "query", "confirmed", "agent", "team", "reason", "order_type", "why", "do", "decision",
    "resource", "save_as", "sheet", "language", "theme", "next", "then", "release", "version", "move", "to", "note",
    "hours", "enabled", "disposition", "appointment_at", "offer", "active", "mapping", "name", "part", "r.mode",
    "r-0.field", "r-0.operator", "r-0.value", "days", "kind", "subject", "seen", "known", "merge",
)  # fmt: skip
TOKEN = "csrfmiddlewaretoken"  # noqa: S105


@pytest.fixture
def visit(client: Client, people: dict[str, User], ana, ada, team, settings, tmp_path):  # noqa: F811
    """Sign in somebody who may open the route; gives its address."""
    settings.MEDIA_ROOT = tmp_path
    with clock.freeze(NOW):
        places = make_places(team=team, agent=ana, admin=ada)

        def go(route: str, allowed: tuple[int, ...]) -> str:
            may = [role for role, status in zip(ROLES, allowed, strict=True) if status != 403]
            works = route.startswith("workorders:") and "agent" in may
            client.force_login(people["agent" if works else may[-1]])
            return reverse(route, args=places.get(route, []))

        client.raise_request_exception = False
        yield go


NAME_PATTERN = re.compile(r'[?&;]([\w.-]+)=|\sname="([\w.-]+)"')


def names_in(html: str) -> set[str]:
    """The parameters of the page's links and the names of its fields."""
    return {link or field for link, field in NAME_PATTERN.findall(html)} - {TOKEN}


def apps_of(table: dict[str, tuple[int, ...]]) -> list[str]:
    """`analytics`, `core`, ...: a test for each, since what stands behind the addresses takes a while to make."""
    return sorted({route.partition(":")[0] for route in table})


@pytest.mark.parametrize("app", apps_of(READ))
def test_no_address_of_a_page_breaks_it(client, visit, app):
    for turn, route in enumerate(route for route in READ if route.partition(":")[0] == app):
        url = visit(route, READ[route])
        page = client.get(url)
        assert page.status_code < 500, route
        assert broken(client.get, [f"{url}?{query}" for query in hostile_queries(page, turn)]) == {}


def hostile_queries(page, turn: int) -> list[str]:
    """The page's values in all parameters at once, and in a list each parameter alone with one value.

    turn: the number of the page, which decides which values.
    """
    html = "" if page.streaming else page.text
    together = {*LAYOUT, *OTHERS, *names_in(html)} - {"export"}
    asked = ["&".join(f"{name}={value}" for name in sorted(together)) for value in values_of(turn)]
    if '<table class="rp-table"' not in html:
        return asked
    form = page.context.get("form")
    own = [*LAYOUT, *(form.fields if form else ())]
    alone = [f"{name}={ALONE[(turn + place) % len(ALONE)]}" for place, name in enumerate(own)]
    return [*asked, *alone, f"export=csv&{asked[0]}"]


def values_of(turn: int) -> tuple[str, ...]:
    return HOSTILE[turn % SHARE :: SHARE]


@pytest.mark.parametrize("app", apps_of(WRITE))
def test_no_form_breaks_the_view_that_reads_it(client, visit, app):
    for turn, route in enumerate(route for route in WRITE if route.partition(":")[0] == app):
        url = visit(route, WRITE[route])
        sent = {value: dict.fromkeys(POSTED, unquote(value, errors="replace")) for value in values_of(turn)}
        assert broken(lambda value: client.post(url, sent[value]), sent) == {}, route  # noqa: B023


def broken(ask, requests) -> dict[str, int]:
    """Those of the requests that end in a 500, and NUL that is let through."""
    found = {}
    for request in requests:
        status = ask(request).status_code
        if status >= 500 or ("%00" in request and status not in {404, 422}):
            found[request[:200]] = status
    return found


@pytest.mark.parametrize("path", [
    "/customers/%00/", "/customers/S%00/phone/", "/work/orders/%00/", "/churn/groups/%00/", "/churn/what-if/%00/", 
    "/churn/lists/%00/", "/churn/outcomes/%00/mobile/",
    "/nowhere/%00/",
])  # fmt: skip
def test_a_nul_in_a_path_is_nothing_that_is_there(client, mia, path):
    client.force_login(mia)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/subscribers/%00/risk", "/tmf-api/customer/v5/customer/%00"])
def test_a_nul_in_a_path_tells_a_stranger_nothing(client, db, path):
    assert client.get(path).status_code == 401


def test_a_nul_in_a_filter_is_refused_with_a_sentence(client, mia):
    client.force_login(mia)
    answer = client.get("/customers/?branch=%00")
    assert answer.status_code == 422
    assert "cannot be stored" in answer.text


def test_a_nul_in_the_query_that_a_bulk_action_carries_is_refused(client, mia):
    client.force_login(mia)
    sent = {"action": "take_back", "all": "1", "query": "q=%00"}
    assert client.post("/supervise/bulk/", sent).status_code == 422


def test_a_cookie_with_a_nul_is_no_cookie(client, db):
    client.cookies["sessionid"] = "\0aaaaaaaaaaaa"
    answer = client.get("/jobs/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")
