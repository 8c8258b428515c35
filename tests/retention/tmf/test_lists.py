"""The conventions that all TM Forum resources share: pages, totals, fields, filters, errors."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.declarations import RISK_READ
from customers.declarations import CONTACTS_READ
from retention.core import clock
from retention.tmf import queries as tmf_queries
from retention.tmf.serializers import RESOURCES
from tests.api import make_client
from tests.factories import (
    NOW,
    TODAY,
    make_bill,
    make_contact,
    make_contract,
    make_profile,
    make_subscriber,
    make_ticket,
)
from tests.retention.tmf.rows import make_usage_day

pytestmark = pytest.mark.django_db
PRODUCTS = "/tmf-api/productInventory/v4/product"


@pytest.fixture(autouse=True)
def frozen():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def caller():
    return make_client(CONTACTS_READ, RISK_READ)


def make_rows(lines):
    for _line in range(lines):
        line = make_profile(subscriber=make_subscriber(), risk_probability=0.2).subscriber
        make_contract(subscriber=line)
        make_bill(subscriber=line, month=TODAY)
        make_usage_day(subscriber=line, day=TODAY)
        make_contact(subscriber=line, channel="sms", order_no="W1")
        make_ticket(subscriber=line)


def code(answer):
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["details"][0]["field"] if error["details"] else ""


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.type)
def test_a_page_costs_the_same_queries_however_many_rows_it_has(caller, resource):
    def queries(expected):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            answer = caller.get(f"/tmf-api/{resource.path}")
        assert len(answer.json()) == expected
        return len(seen)

    make_rows(1)
    few = queries(1)
    make_rows(5)
    assert queries(6) == few <= 11


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.type)
def test_pages_give_every_row_once_and_say_how_many_there_are(caller, resource):
    make_rows(5)
    seen = []
    for offset in (0, 2, 4, 6):
        answer = caller.get(f"/tmf-api/{resource.path}?offset={offset}&limit=2")
        assert (answer.status_code, answer["X-Total-Count"]) == (200, "5")
        assert answer["X-Result-Count"] == str(len(answer.json()))
        assert "X-Total-Count-Estimated" not in answer
        assert ('rel="next"' in answer["Link"]) == (offset + 2 < 5)
        seen += [row["id"] for row in answer.json()]
    assert len(seen) == len(set(seen)) == 5


def test_the_links_lead_on_with_what_was_asked(caller):
    make_rows(3)
    links = caller.get(f"{PRODUCTS}?status=active&limit=1&offset=1")["Link"]
    assert f'<http://testserver{PRODUCTS}?status=active&limit=1&offset=2>; rel="next"' in links
    assert f'<http://testserver{PRODUCTS}?status=active&limit=1&offset=0>; rel="prev"' in links


def test_more_rows_than_are_counted_are_estimated_and_said_to_be(caller, monkeypatch):
    monkeypatch.setattr(tmf_queries, "MAX_EXACT_COUNT", 2)
    make_rows(4)
    answer = caller.get(f"{PRODUCTS}?limit=1")
    assert answer["X-Total-Count-Estimated"] == "true"
    assert int(answer["X-Total-Count"]) >= 3


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.type)
def test_fields_choose_what_is_told(caller, resource):
    make_rows(1)
    (whole,) = caller.get(f"/tmf-api/{resource.path}").json()
    always = {"id", "href", "@type"}
    names = sorted(whole.keys() - always)[:2]
    (part,) = caller.get(f"/tmf-api/{resource.path}?fields={','.join(names)}").json()
    assert part == {name: whole[name] for name in always | set(names)}
    assert caller.get(f"/tmf-api/{resource.path}/{whole['id']}?fields=id").json().keys() == always
    assert code(caller.get(f"/tmf-api/{resource.path}?fields=nonsense")) == (422, "bad_parameter", "fields")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.type)
def test_every_filter_takes_what_it_says_and_names_what_it_cannot(caller, resource):
    make_rows(2)
    for name, one in resource.filters.items():
        fits = {"date": "2026-11-20"}.get(one.schema.get("format"), (one.schema.get("enum") or ["nobody"])[0])
        assert caller.get(f"/tmf-api/{resource.path}?{name}={fits}").status_code == 200, name
        if "enum" in one.schema or "format" in one.schema:
            assert code(caller.get(f"/tmf-api/{resource.path}?{name}=x%00")) == (422, "bad_parameter", name)
        assert code(caller.get(f"/tmf-api/{resource.path}?{name}=%00")) == (422, "bad_parameter", name)


@pytest.mark.parametrize("query", ["limit=201", "limit=-1", "offset=x", "offset=999999999", "colour=red", "fields=,"])
def test_what_cannot_be_asked_is_named(caller, query):
    assert code(caller.get(f"{PRODUCTS}?{query}")) == (422, "bad_parameter", query.partition("=")[0])


def test_nothing_asked_for_is_the_total_alone(caller):
    make_rows(1)
    answer = caller.get(f"{PRODUCTS}?limit=0")
    assert (answer.json(), answer["X-Total-Count"]) == ([], "1")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.type)
@pytest.mark.parametrize("id", ["nothing", "a~b", "S~2026-13", "S~2026-02-30", "%00", "9" * 40, "a/b", "~"])
def test_an_id_of_nothing_is_404_in_the_one_shape(caller, resource, id):
    answer = caller.get(f"/tmf-api/{resource.path}/{id}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_the_faces_are_read_only_and_need_their_scope(caller):
    for method in (caller.post, caller.put, caller.delete):
        assert method(PRODUCTS).status_code == 405
    assert code(make_client(RISK_READ).get(PRODUCTS))[:2] == (403, "missing_scope")
