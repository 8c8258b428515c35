"""A query parameter that an operation does not document is refused: passed over, it would answer with everything."""

import re

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.api import make_client

pytestmark = pytest.mark.django_db
# A value of a path for which no row exists: parameters are looked at before rows.
PATH_VALUES = {
    "number": "00000000-0000-4000-8000-000000000000",
    "decision_id": "00000000-0000-4000-8000-000000000000",
    "delivery": "1",
}


@pytest.fixture(scope="module")
def operations():
    """[(method, address, names of its query parameters)] of /api/v1/."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return [
        (
            method.upper(),
            address(path),
            {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"},
        )
        for path, methods in paths.items()
        for method, operation in methods.items()
        if path.startswith("/api/v1/")
    ]


def address(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: PATH_VALUES.get(found[1], "1"), path)


def refused(answer, name: str) -> str | None:
    """The code at the parameter, when it is why the request was refused."""
    error = answer.json()["error"]
    if (answer.status_code, error["code"]) != (422, "bad_parameter"):
        return None
    return next((one["code"] for one in error["details"] if one["field"] == name), None)


def test_every_operation_refuses_a_parameter_that_it_does_not_document(operations):
    caller = make_client()
    passed_over = [
        f"{method} {path}"
        for method, path, _names in operations
        if refused(caller.call(method, f"{path}?surprise=1", None), "surprise") != "unknown_parameter"
    ]
    assert (passed_over, len(operations) > 50) == ([], True)


def test_a_parameter_given_twice_is_refused(operations):
    caller = make_client()
    for method, path, names in operations:
        for name in names:
            answer = caller.call(method, f"{path}?{name}=1&{name}=2", None)
            assert refused(answer, name) == "repeated_parameter", f"{method} {path} {name}"


def test_decisions_are_not_filtered_by_a_subscriber():
    """The example that started it: everybody's decisions were given for one subscriber's."""
    answer = make_client().get("decisions?subscriber_no=S1")
    assert refused(answer, "subscriber_no") == "unknown_parameter"
    assert "cursor, limit, state" in answer.json()["error"]["message"]


def test_head_takes_what_get_takes():
    caller = make_client()
    assert caller.call("HEAD", "decisions?state=all", None).status_code == 200
    assert caller.call("HEAD", "decisions?stat=all", None).status_code == 422
