"""The TM Forum resources: what each resource says, and to whom."""

from datetime import timedelta
from decimal import Decimal

import pytest

from analytics.declarations import RISK_READ
from customers.contacts.models import ContactRecord
from customers.credit.models import AccountCredit
from customers.declarations import CONTACTS_READ
from customers.facts.models import Product, ProductSubscription
from retention.core import clock
from retention.tmf.serializers import RESOURCES
from tests.api import make_client
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_bill,
    make_contact,
    make_contract,
    make_customer,
    make_profile,
    make_subscriber,
    make_ticket,
)  # fmt: skip
from tests.retention.tmf.rows import make_usage_day
from tests.workorders.rows import make_floor, make_orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    """Li Wei's line at risk, with everything that the resources show."""
    customer = make_customer(contact_phone="13812345678", email="liwei@example.com", tier="gold")
    line = make_subscriber(customer=customer, phone_number="13912345678")
    make_profile(
        subscriber=line, risk_probability=0.25, risk_tier="high", risk_decile=1, risk_scored_on=TODAY,
        expected_gain=Decimal("12.5"),
    )  # fmt: skip
    return line


def named(characteristics):
    return {one["name"]: one["value"] for one in characteristics}


def get(caller, path, **query):
    answer = caller.get(f"/tmf-api/{path}" + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_customer_with_masked_contacts_and_the_risk_of_his_likeliest_line(caller, line):
    safe = make_subscriber(account=line.account)
    make_profile(subscriber=safe, risk_probability=0.01, risk_tier="low", risk_decile=9, risk_scored_on=TODAY)
    contract = make_contract(subscriber=line)
    number = line.account.customer.customer_no
    found = get(caller, f"customer/v5/customer/{number}")
    assert (found["id"], found["@type"], found["@baseType"]) == (number, "Customer", "PartyRole")
    assert found["href"] == f"http://testserver/tmf-api/customer/v5/customer/{number}"
    assert (found["name"], found["status"]) == ("Li Wei", "active")
    assert [account["id"] for account in found["account"]] == [line.account.account_no]
    assert [one["id"] for one in found["agreement"]] == [contract.contract_no]
    phone, mail = found["contactMedium"]
    assert (phone["phoneNumber"], mail["emailAddress"]) == ("138****5678", "l***@example.com")
    assert "12345678" not in str(found)
    said = named(found["characteristic"])
    assert said["churnProbability"] == pytest.approx(0.25)
    assert (said["churnTier"], said["churnDecile"], said["churnAsOf"]) == ("high", 1, TODAY.isoformat())
    assert (said["churnExpectedGain"], said["churnSubscriber"]) == (12.5, line.subscriber_no)


def test_risk_needs_its_own_scope_and_is_not_told_of_whoever_opted_out(line):
    path = f"customer/v5/customer/{line.account.customer.customer_no}"
    assert "churnProbability" not in named(get(make_client(CONTACTS_READ), path)["characteristic"])
    everything = make_client()
    assert "churnProbability" in named(get(everything, path)["characteristic"])
    type(line.account.customer).objects.update(profiling_opt_out=True)
    assert "churnProbability" not in named(get(everything, path)["characteristic"])


def rate(account, score, level):
    AccountCredit.objects.create(account=account, as_of=TODAY, card="postpaid", score=score, level=level)


def test_the_credit_of_each_rated_account_for_who_may_read_risk(line):
    customer, new = line.account.customer, make_account(customer=line.account.customer)
    second, elsewhere = make_account(customer=customer), make_account(customer=customer)
    for account in (new, second):
        make_subscriber(account=account, branch=line.branch)
    make_subscriber(account=elsewhere)
    for account, score, level in ((line.account, 91, "excellent"), (new, None, "unrated"), (second, 49, "poor")):
        rate(account, score, level)
    rate(elsewhere, 70, "good")
    path = f"customer/v5/customer/{customer.customer_no}"

    local = get(make_client(CONTACTS_READ, RISK_READ, branch=line.branch), path)["creditProfile"]

    first = {"id": line.account.account_no, "creditScore": 91, "creditRiskRating": 1, "@type": "CreditProfile"}
    assert local[0] == first | {"creditProfileDate": f"{TODAY}T00:00:00+08:00"}
    assert [(one["id"], one["creditScore"], one["creditRiskRating"]) for one in local[1:]] == [
        (second.account_no, 49, 4)
    ]
    assert [one["creditScore"] for one in get(make_client(), path)["creditProfile"]] == [91, 49, 70]
    assert "creditProfile" not in get(make_client(CONTACTS_READ), path)
    type(customer).objects.update(profiling_opt_out=True)
    assert "creditProfile" not in get(make_client(), path)


@pytest.mark.parametrize(
    ("lines", "status"),
    [(["active", "stopped"], "active"), (["stopped", "terminated"], "suspended"), (["terminated"], "terminated"),
     ([], "prospective")],
)  # fmt: skip
def test_a_customers_status_follows_from_his_lines_and_is_asked_by(caller, lines, status):
    account = make_account()
    for one in lines:
        make_subscriber(account=account, status=one)
    number = account.customer.customer_no
    assert get(caller, f"customer/v5/customer/{number}")["status"] == status
    for asked in ("active", "suspended", "terminated", "prospective"):
        found = [one["id"] for one in get(caller, "customer/v5/customer", status=asked, id=number)]
        assert found == ([number] if asked == status else [])


def test_a_product_is_a_line_with_its_number_terms_and_services(caller, line):
    contract = make_contract(subscriber=line)
    service = Product.objects.create(code="CRBT", name="Ring tones", category="music", monthly_fee=5)
    taken = ProductSubscription.objects.create(
        subscription_no="PS1", subscriber=line, product=service, starts_on=TODAY - timedelta(days=9)
    )
    found = get(caller, f"productInventory/v4/product/{line.subscriber_no}")
    assert (found["name"], found["status"], found["isBundle"]) == (line.plan.name, "active", False)
    assert found["startDate"] == f"{line.activated_on}T00:00:00+08:00"
    (term,) = found["productTerm"]
    assert term["duration"] == {"amount": 24, "units": "month"}
    assert term["validFor"]["endDateTime"] == f"{contract.ends_on}T23:59:59+08:00"
    assert found["productPrice"][0]["price"]["taxIncludedAmount"] == {"unit": "CNY", "value": 59.0}
    assert found["realizingResource"][0]["name"] == "139****5678"
    assert found["relatedParty"][0]["id"] == line.account.customer.customer_no
    assert found["productRelationship"][0]["product"]["id"] == taken.subscription_no
    assert named(found["productCharacteristic"])["lineType"] == "mobile"


@pytest.mark.parametrize(
    ("given", "status"),
    [({}, "active"), ({"ends_on": TODAY - timedelta(days=1)}, "expired"), ({"ended_on": TODAY}, "terminated"),
     ({"starts_on": TODAY + timedelta(days=1)}, "pending")],
)  # fmt: skip
def test_an_agreement_says_where_it_stands(caller, line, given, status):
    contract = make_contract(subscriber=line, **given)
    found = get(caller, f"agreementManagement/v4/agreement/{contract.contract_no}")
    (party,) = found["engagedParty"]
    customer = line.account.customer
    assert (found["status"], party["id"], party["name"]) == (status, customer.customer_no, customer.name)
    ended = {"endDateTime": f"{TODAY}T00:00:00+08:00"} if status == "terminated" else None
    assert found.get("completionDate") == ended
    for asked in ("pending", "active", "expired", "terminated"):
        assert len(get(caller, "agreementManagement/v4/agreement", status=asked)) == (asked == status)


def test_a_bill_is_a_month_with_what_is_left_to_pay(caller, line):
    make_bill(subscriber=line, month=TODAY, due_on=TODAY)
    make_bill(subscriber=line, month=TODAY - timedelta(days=31), paid_on=TODAY)
    found = get(caller, f"customerBillManagement/v4/customerBill/{line.subscriber_no}~2026-11")
    assert (found["state"], found["remainingAmount"]["value"]) == ("sent", 69.0)
    assert found["billingPeriod"]["endDateTime"] == "2026-11-30T23:59:59+08:00"
    assert found["billDate"] == "2026-12-01T00:00:00+08:00"
    assert [part["name"] for part in found["billComponent"]] == ["plan_fee", "data"]
    account = {"billingAccount.id": line.account.account_no}
    (paid,) = get(caller, "customerBillManagement/v4/customerBill", state="settled", **account)
    assert (paid["id"], paid["remainingAmount"]["value"]) == (f"{line.subscriber_no}~2026-10", 0.0)


def test_usage_is_a_day(caller, line):
    make_usage_day(subscriber=line, day=TODAY, voice_out_s=60)
    make_usage_day(subscriber=line, day=TODAY - timedelta(days=1))
    found = get(caller, f"usageManagement/v4/usage/{line.subscriber_no}~{TODAY}")
    assert named(found["usageCharacteristic"])["voiceOutSeconds"] == 60
    assert found["product"]["id"] == line.subscriber_no
    earlier = {"product.id": line.subscriber_no, "usageDate.lt": TODAY.isoformat()}
    assert [one["id"] for one in get(caller, "usageManagement/v4/usage", **earlier)] == [
        f"{line.subscriber_no}~{TODAY - timedelta(days=1)}"
    ]


def test_an_interaction_is_a_contact_with_what_its_order_came_to(caller):
    (order,) = make_orders(1, team=make_floor()[0])
    made = make_contact(subscriber=order.subscriber, order_no=order.order_no, outcome="connected", at=NOW)
    make_contact(subscriber=order.subscriber, state=ContactRecord.State.REFUSED)
    done, planned = get(caller, "partyInteraction/v4/partyInteraction", status="completed,opened")[::-1]
    assert (done["id"], done["status"], done["description"]) == (str(made.pk), "completed", "connected")
    assert done["interactionItem"][0]["item"]["id"] == order.order_no
    assert done["interactionItem"][0]["itemDate"] == {"startDateTime": clock.format_instant(order.opened_at)}
    (channel,) = done["channel"]
    assert channel["id"] == "call"
    assert {one["id"] for one in caller.get(channel["href"].removeprefix("http://testserver")).json()} == {
        done["id"], planned["id"],
    }  # fmt: skip
    assert planned["status"] == "opened"
    assert len(get(caller, "partyInteraction/v4/partyInteraction", interactionDate="2026-11-20")) == 2


def test_messages_are_those_contacts_that_are_written(caller, line):
    make_contact(subscriber=line)
    sent = make_contact(subscriber=line, channel="sms", outcome="sent")
    failed = make_contact(subscriber=line, channel="email", outcome="failed")
    rows = get(caller, "communicationManagement/v4/communicationMessage")
    assert [(row["id"], row["messageType"], row["state"]) for row in rows] == [
        (str(sent.pk), "SMS", "completed"),
        (str(failed.pk), "Email", "failed"),
    ]
    assert rows[0]["receiver"][0]["phoneNumber"] == "139****5678"
    assert rows[1]["receiver"][0]["email"] == "l***@example.com"


def test_a_trouble_ticket_with_its_history(caller, line):
    ticket = make_ticket(subscriber=line, closed_at=NOW, severity=2, satisfaction=3)
    make_ticket(subscriber=line)
    (found,) = get(caller, "troubleTicket/v5/troubleTicket", status="closed")
    assert (found["id"], found["severity"], found["ticketType"]) == (ticket.ticket_no, "2", "complaint")
    assert [(change["status"], change["statusChangeDate"]) for change in found["statusChangeHistory"]] == [
        ("acknowledged", found["creationDate"]), ("closed", found["resolutionDate"]),
    ]  # fmt: skip
    assert named(found["troubleTicketCharacteristic"]) == {"satisfaction": 3}
    (party,), (entity,) = found["relatedParty"], found["relatedEntity"]
    assert (party["role"], party["partyOrPartyRole"]["id"]) == ("customer", line.account.customer.customer_no)
    assert (entity["role"], entity["entity"]["id"]) == ("product", line.subscriber_no)
    for query in ("relatedParty.partyOrPartyRole.id", "relatedParty.id"):
        asked = {query: line.account.customer.customer_no, "status": "closed"}
        assert len(get(caller, "troubleTicket/v5/troubleTicket", **asked)) == 1


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.type)
def test_what_a_client_may_not_see_is_not_there(resource, line, branches):
    make_contract(subscriber=line)
    make_bill(subscriber=line, month=TODAY)
    make_usage_day(subscriber=line, day=TODAY)
    make_contact(subscriber=line, channel="sms")
    make_ticket(subscriber=line)
    (seen,) = get(make_client(CONTACTS_READ), resource.path)
    stranger = make_client(CONTACTS_READ, branch=branches.city)
    assert get(stranger, resource.path) == []
    assert stranger.get(f"/tmf-api/{resource.path}/{seen['id']}").status_code == 404
    owner = make_client(CONTACTS_READ, branch=line.branch)
    assert get(owner, f"{resource.path}/{seen['id']}") == get(owner, resource.path)[0] == seen
