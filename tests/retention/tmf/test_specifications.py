"""What the TM Forum faces answer, against the field tables of the specifications that they name."""

from datetime import timedelta
from decimal import Decimal

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from customers.contacts.models import ContactRecord
from customers.credit.models import AccountCredit
from customers.facts.models import Product, ProductSubscription
from retention.tmf.serializers import RESOURCES
from tests.factories import (
    NOW,
    TODAY,
    make_bill,
    make_contact,
    make_contract,
    make_customer,
    make_profile,
    make_subscriber,
    make_ticket,
)
from tests.retention.tmf import specifications
from tests.retention.tmf.rows import make_usage_day
from tests.workorders.rows import make_floor, make_orders
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome, start

pytestmark = pytest.mark.django_db
# Attributes that we give beyond the specification; docs/tm-forum.md lists them.
BEYOND = {
    "CustomerBill": {"billComponent", "product"},
    "Usage": {"product", "validFor"},
    "PartyInteraction": {"relatedEntity", "attribute"},
}
by_type = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.type)


@pytest.fixture
def operator():
    """Rows of every resource, with and without what may be missing."""
    customer = make_customer(contact_phone="13812345678", email="liwei@example.com", tier="gold", joined_on=TODAY)
    line = make_subscriber(customer=customer, status="terminated", terminated_on=TODAY, termination_reason="port_out")
    AccountCredit.objects.create(account=line.account, as_of=TODAY, card="postpaid", score=91, level="excellent")
    make_profile(
        subscriber=line, risk_probability=0.25, risk_tier="high", risk_decile=1, risk_scored_on=TODAY,
        expected_gain=Decimal("12.5"),
    )  # fmt: skip
    service = Product.objects.create(code="CRBT", name="Ring tones", category="music", monthly_fee=5)
    for ends_on in (None, TODAY):
        ProductSubscription.objects.create(
            subscription_no=f"PS{ends_on}", subscriber=line, product=service, starts_on=TODAY, ends_on=ends_on
        )
    for given in ({}, {"ended_on": TODAY}, {"starts_on": TODAY + timedelta(days=1)}):
        make_contract(subscriber=line, **given)
    make_bill(subscriber=line, month=TODAY, due_on=TODAY)
    make_bill(subscriber=line, month=TODAY - timedelta(days=31), paid_on=TODAY)
    make_usage_day(subscriber=line, day=TODAY)
    make_ticket(subscriber=line, closed_at=NOW, severity=2, satisfaction=3)
    make_ticket(subscriber=line)
    for channel, state in (("sms", "used"), ("email", "used"), ("sms", "reserved"), ("call", "released")):
        make_contact(subscriber=line, channel=channel, state=ContactRecord.State(state))
    make_contacts_of_orders()


def make_contacts_of_orders():
    """A contact of an order that is open, and one of an order that is done."""
    team, (ana, *_others) = make_floor(2)
    make_orders(2, team=team)
    order = claim_next(agent=ana, now=NOW)
    order = start(order_no=order.order_no, agent=ana, version=order.version, now=NOW)
    record_outcome(order_no=order.order_no, agent=ana, disposition="retained", version=order.version, now=NOW)
    other = claim_next(agent=ana, now=NOW)
    for one in (order, other):
        make_contact(subscriber=one.subscriber, order_no=one.order_no)


def split(resource, row):
    """The row without the attributes beyond the specification, and the names of those."""
    beyond = BEYOND.get(resource.type, set()) & row.keys()
    return {name: value for name, value in row.items() if name not in beyond}, beyond


@by_type
def test_answers_fit_the_fields_of_the_specification(caller, operator, resource):
    checker = specifications.validator(resource.number, resource.version, resource.type)
    rows = caller.get(f"/tmf-api/{resource.path}?limit=200").json()
    one = caller.get(f"/tmf-api/{resource.path}/{rows[0]['id']}").json()
    assert one == rows[0]
    told = set()
    for row in rows:
        plain, beyond = split(resource, row)
        assert specifications.problems(checker, plain) == []
        told |= beyond
    assert told == BEYOND.get(resource.type, set())


@by_type
def test_every_attribute_is_in_the_rows_that_are_held_against_the_specification(caller, operator, resource):
    rows = caller.get(f"/tmf-api/{resource.path}?limit=200").json()
    assert set(resource.attributes) - {name for row in rows for name in row} == set()


@by_type
def test_attributes_beyond_the_specification_are_said_to_be(resource):
    known = specifications.attributes(resource.number, resource.version, resource.type)
    beyond = set(resource.attributes) - known
    assert beyond == BEYOND.get(resource.type, set())
    assert ("beyond the specification" in resource.description) == bool(beyond)
    assert all(f"`{name}`" in resource.description for name in beyond)


@by_type
def test_answers_fit_our_own_document_too(caller, operator, resource):
    document = SchemaGenerator().get_schema(request=None, public=True)
    operation = document["paths"][f"/tmf-api/{resource.path}"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    checker = jsonschema.Draft202012Validator(schema | {"components": document["components"]})
    assert specifications.problems(checker, caller.get(f"/tmf-api/{resource.path}?limit=200").json()) == []


@by_type
@pytest.mark.parametrize(
    ("query", "key", "status", "code"),
    [
        ("?colour=red", True, 400, "bad_parameter"),
        ("?limit=x", True, 400, "bad_parameter"),
        ("/nobody~x", True, 404, "not_found"),
        ("", False, 401, "not_authenticated"),
    ],
)
def test_errors_fit_the_specification(caller, resource, query, key, status, code):
    headers = {} if key else {"Authorization": "Bearer nothing"}
    answer = caller.get(f"/tmf-api/{resource.path}{query}", **headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, str(status))
    assert answer.json()["reason"]
    checker = specifications.validator(resource.number, resource.version, "Error")
    assert specifications.problems(checker, answer.json()) == []
    assert ("@type" in answer.json()) == (resource.version == 5)


@pytest.mark.parametrize(
    ("path", "typed"), [("customer/v5/nothing", True), ("party/v4/individual", False), ("x", False)]
)
def test_where_no_resource_is_served_the_error_has_the_same_shape(caller, path, typed):
    for method in ("GET", "POST"):
        answer = caller.call(method, f"/tmf-api/{path}", None)
        assert (answer.status_code, answer.json()["code"], "@type" in answer.json()) == (404, "not_found", typed)


WRONG = {
    "651 without the name of its party": (651, 4, "Agreement", lambda row: row["engagedParty"][0].pop("name")),
    "651 with a plain completionDate": (651, 4, "Agreement", lambda row: row.update(completionDate=str(NOW))),
    "683 without the link of its channel": (683, 4, "PartyInteraction", lambda row: row["channel"][0].pop("href")),
    "621 with a wrong name in the history": (
        621, 5, "TroubleTicket", lambda row: row["statusChangeHistory"][0].update(changeDate=str(NOW)),
    ),
    "621 with a party as in version 4": (
        621, 5, "TroubleTicket", lambda row: row["relatedParty"][0].update(id="C1"),
    ),
    "629 with a wrong type of reference": (629, 5, "Customer", lambda row: row["account"][0].update({"@type": "X"})),
    "678 with an unknown state": (678, 4, "CustomerBill", lambda row: row.update(state="paid")),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_the_check_finds_what_was_wrong(caller, operator, wrong):
    """Each was answered once."""
    number, version, kind, spoil = WRONG[wrong]
    (resource,) = [one for one in RESOURCES if one.type == kind]
    row, _beyond = split(resource, caller.get(f"/tmf-api/{resource.path}").json()[0])
    checker = specifications.validator(number, version, kind)
    assert specifications.problems(checker, row) == []
    spoil(row)
    assert specifications.problems(checker, row) != []
