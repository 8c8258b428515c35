"""References from one resource to another, in the shapes of version 4 and of version 5 of the TM Forum Open APIs."""

from typing import Any

from customers.facts.models import Subscriber
from retention.tmf.fields.base import Call
from retention.tmf.fields.values import drop_empty

AGREEMENTS = "agreementManagement/v4/agreement"
CUSTOMERS = "customer/v5/customer"
PRODUCTS = "productInventory/v4/product"


def reference(kind: str, id: str, *, as_type: str = "", **more: str) -> dict[str, Any]:
    """A reference to a resource of the type `kind`; `href` only where the product serves that resource.

    as_type: the type of the reference itself where it is not `kind`Ref.
    """
    return drop_empty(id=id, **more) | {"@type": as_type or f"{kind}Ref", "@referredType": kind}


def line_ref(line: Subscriber, call: Call) -> dict[str, Any]:
    return reference("Product", line.subscriber_no, href=call.link(PRODUCTS, line.subscriber_no))


def agreement_ref(contract_no: str, call: Call) -> dict[str, Any]:
    return reference("Agreement", contract_no, href=call.link(AGREEMENTS, contract_no))


def related_party(line: Subscriber, call: Call, **more: str) -> dict[str, Any]:
    """The line's customer, version 4. Read with `account__customer` joined."""
    return _customer(line, call, as_type="RelatedParty", role="customer", **more)


def related_party_v5(line: Subscriber, call: Call) -> dict[str, Any]:
    """The same, version 5."""
    party = _customer(line, call, as_type="PartyRoleRef")
    return {"@type": "RelatedPartyRefOrPartyRoleRef", "role": "customer", "partyOrPartyRole": party}


def related_line_v5(line: Subscriber, call: Call) -> dict[str, Any]:
    """The line as a related entity, version 5."""
    return {"@type": "RelatedEntity", "role": "product", "entity": line_ref(line, call) | {"@type": "EntityRef"}}


def _customer(line: Subscriber, call: Call, *, as_type: str, **more: str) -> dict[str, Any]:
    number = line.account.customer.customer_no
    return reference("Customer", number, as_type=as_type, href=call.link(CUSTOMERS, number), **more)
