"""The conventions that all TM Forum resources share: pages, totals, fields, filters, errors."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.declarations import RISK_READ
from retention.tmf import queries as tmf_queries
from retention.tmf.serializers import RESOURCES
from tests.api import make_client
from tests.factories import (
    TODAY,
    make_account,
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
by_type = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.type)


def make_rows(lines):
    for _line in range(lines):
        line = make_profile(subscriber=make_subscriber(), risk_probability=0.2).subscriber
        make_contract(subscriber=line)
        make_bill(subscriber=line, month=TODAY)
        make_usage_day(subscriber=line, day=TODAY)
        make_contact(subscriber=line, channel="sms", order_no="W1")
        make_ticket(subscriber=line)


def code(answer):
    return answer.status_code, answer.json()["code"]


@by_type
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


@by_type
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


@by_type
def test_fields_choose_what_is_told(caller, resource):
    make_rows(1)
    (whole,) = caller.get(f"/tmf-api/{resource.path}").json()
    always = {"id", "href", "@type"}
    names = sorted(whole.keys() - always)[:2]
    (part,) = caller.get(f"/tmf-api/{resource.path}?fields={','.join(names)}").json()
    assert part == {name: whole[name] for name in always | set(names)}
    assert caller.get(f"/tmf-api/{resource.path}/{whole['id']}?fields=id").json().keys() == always


@by_type
@pytest.mark.parametrize("unknown", ["nonsense", "statusReason", ","])
def test_a_name_that_the_resource_lacks_is_ignored(caller, resource, unknown):
    """A standard attribute that we do not keep is no error of whoever asks for it."""
    make_rows(1)
    (whole,) = caller.get(f"/tmf-api/{resource.path}").json()
    name = min(whole.keys() - {"id", "href", "@type"})
    (part,) = caller.get(f"/tmf-api/{resource.path}?fields={unknown},{name}").json()
    assert set(part) == {"id", "href", "@type", name}
    (nothing,) = caller.get(f"/tmf-api/{resource.path}?fields={unknown}").json()
    assert set(nothing) == (set(whole) if unknown == "," else {"id", "href", "@type"})


@by_type
def test_every_filter_takes_what_it_says_and_names_what_it_cannot(caller, resource):
    make_rows(2)
    for name, one in resource.filters.items():
        fits = "2026-11-20" if "anyOf" in one.schema else (one.schema.get("enum") or ["nobody"])[0]
        assert caller.get(f"/tmf-api/{resource.path}?{name}={fits}").status_code == 200, name
        refused = caller.get(f"/tmf-api/{resource.path}?{name}={'x' * 121}")
        if name == "id" and refused.status_code == 200:  # what cannot be an id is the id of nothing
            assert refused.json() == []
        else:
            assert code(refused) == (400, "bad_parameter"), name
            assert refused.json()["reason"].startswith(f"{name} must be")
        unstorable = caller.get(f"/tmf-api/{resource.path}?{name}=%00")
        assert code(unstorable) == (400, "bad_parameter"), name
        assert unstorable.json()["reason"].startswith(f"{name} holds a character that cannot be stored")


@pytest.mark.parametrize(
    "query",
    ["limit=201", "limit=-1", "offset=x", "offset=999999999", "colour=red", "sort=colour", "sort=-", "filter=x",
     "startDate=2026-02-30", "startDate=1899-12-31", "startDate=2026-11-20T10:00:00", "startDate=yesterday",
     "status=activ", "sort=a,b,c,d,e,f", "id=" + ",".join("x" * 101)],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(caller, query):
    answer = caller.get(f"{PRODUCTS}?{query}")
    assert code(answer) == (400, "bad_parameter")
    assert query.partition("=")[0] in answer.json()["reason"]


@by_type
def test_rows_are_found_by_what_was_printed(caller, resource):
    """Every filter with the value that the answer gives for it, instants as they stand, finds the row."""
    make_rows(2)
    row = caller.get(f"/tmf-api/{resource.path}").json()[-1]
    asked = 0
    for name in resource.filters:
        for value in printed(row, name):
            found = caller.get(f"/tmf-api/{resource.path}?{name}={quote(str(value))}").json()
            assert row["id"] in [one["id"] for one in found], (name, value)
            asked += 1
    assert asked >= 3


def printed(row, name):
    """The values at a dotted path, through lists; none for a range or what is beyond the answer."""
    found = [row]
    for part in name.split("."):
        found = [one for value in found for one in (value if isinstance(value, list) else [value])]
        found = [one[part] for one in found if isinstance(one, dict) and part in one]
    return [value for value in found if not isinstance(value, dict | list)]


@by_type
def test_ranges_over_what_was_printed_part_the_rows(caller, resource):
    make_rows(2)
    row = caller.get(f"/tmf-api/{resource.path}").json()[0]
    names = [name for name, one in resource.filters.items() if "anyOf" in one.schema and printed(row, name)]
    assert names or resource.type in {"Customer"}
    for name in names:
        value = quote(printed(row, name)[0])
        counts = {
            side: int(caller.get(f"/tmf-api/{resource.path}?{name}.{side}={value}&limit=0")["X-Total-Count"])
            for side in ("gte", "gt", "lte", "lt")
        }
        equal = int(caller.get(f"/tmf-api/{resource.path}?{name}={value}&limit=0")["X-Total-Count"])
        assert equal > 0, name
        assert counts["gte"] - counts["gt"] == counts["lte"] - counts["lt"] == equal, (name, counts)


def test_a_plus_that_was_not_escaped_and_another_offset_are_the_same_instant(caller):
    line = make_subscriber(activated_on=TODAY)
    make_subscriber(activated_on=TODAY - timedelta(days=1))
    for at in (f"{TODAY}T00:00:00+08:00", f"{TODAY - timedelta(days=1)}T16:00:00Z"):
        assert [one["id"] for one in caller.get(f"{PRODUCTS}?startDate={at}").json()] == [line.subscriber_no], at
    for side, hour, count in (("gte", 1, 0), ("gt", 1, 0), ("lte", 1, 2), ("lt", 1, 2), ("lt", 0, 1), ("gt", 0, 0)):
        answer = caller.get(f"{PRODUCTS}?startDate.{side}={TODAY}T{hour:02}:00:00%2B08:00&limit=0")
        assert answer["X-Total-Count"] == str(count), (side, hour)


@pytest.mark.parametrize("at", ["2747-12-31T11:34:09-17:06", "1900-01-01T00:00:00+23:59", "8999-12-31T23:59:59-23:59"])
def test_an_offset_that_no_place_has_is_an_instant_like_any_other(caller, at):
    messages = "/tmf-api/communicationManagement/v4/communicationMessage"
    assert caller.get(f"{messages}?sendTime.lt={quote(at)}").status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [("status=active&status=suspended", 2), ("status=active,suspended", 2), ("status=active&status=active", 1),
     ("status=cancelled", 0), ("status=active&lineType=broadband", 0)],
)  # fmt: skip
def test_several_values_are_alternatives_and_several_names_are_not(caller, query, count):
    for status in ("active", "stopped", "terminated"):
        make_subscriber(status=status)
    assert caller.get(f"{PRODUCTS}?{query}")["X-Total-Count"] == str(count)


def test_a_customer_with_two_of_the_asked_accounts_is_one(caller):
    first = make_account()
    second, other = make_account(customer=first.customer), make_account()
    numbers = ",".join(one.account_no for one in (first, second, other))
    found = caller.get(f"/tmf-api/customer/v5/customer?account.id={numbers}")
    assert [row["id"] for row in found.json()] == [first.customer.customer_no, other.customer.customer_no]
    assert found["X-Total-Count"] == "2"


def test_rows_are_sorted_with_the_empty_ones_last(caller):
    days = [TODAY - timedelta(days=back) for back in (1, 3, 2)]
    old, oldest, middle = (make_subscriber(status="terminated", terminated_on=day).subscriber_no for day in days)
    active = make_subscriber().subscriber_no

    def found(sort):
        return [row["id"] for row in caller.get(f"{PRODUCTS}?sort={sort}").json()]

    assert found("terminationDate") == found("+terminationDate") == [oldest, middle, old, active]
    assert found("-terminationDate") == [old, middle, oldest, active]
    assert found("-id") == sorted([old, oldest, middle, active], reverse=True)


@by_type
def test_every_name_that_can_be_sorted_by_sorts(caller, resource):
    make_rows(3)
    within = f"&{resource.sort_within[0]}=nobody" if resource.sort_within else ""
    assert resource.sortable
    for name in resource.sortable:
        for sort in (name, f"-{name}"):
            assert caller.get(f"/tmf-api/{resource.path}?sort={sort}{within}").status_code == 200, sort


@pytest.mark.parametrize("path", ["usageManagement/v4/usage", "customerBillManagement/v4/customerBill"])
def test_a_table_too_large_is_sorted_within_a_line_only(caller, path):
    make_rows(1)
    name = "usageDate" if "usage" in path else "paymentDueDate"
    refused = caller.get(f"/tmf-api/{path}?sort=-{name}")
    assert (code(refused), "product.id" in refused.json()["reason"]) == ((400, "bad_parameter"), True)
    (row,) = caller.get(f"/tmf-api/{path}").json()
    assert caller.get(f"/tmf-api/{path}?sort=-{name}&product.id={row['product']['id']}").json() == [row]


def test_nothing_asked_for_is_the_total_alone(caller):
    make_rows(1)
    answer = caller.get(f"{PRODUCTS}?limit=0")
    assert (answer.json(), answer["X-Total-Count"]) == ([], "1")


@by_type
@pytest.mark.parametrize("id", ["nothing", "a~b", "S~2026-13", "S~2026-02-30", "%00", "9" * 40, "a/b", "~"])
def test_an_id_of_nothing_is_404_in_the_one_shape(caller, resource, id):
    answer = caller.get(f"/tmf-api/{resource.path}/{id}")
    assert code(answer) == (404, "not_found")


def test_the_faces_are_read_only_and_need_their_scope(caller):
    for method in (caller.post, caller.put, caller.delete):
        assert method(PRODUCTS).status_code == 405
    assert code(make_client(RISK_READ).get(PRODUCTS)) == (403, "missing_scope")
