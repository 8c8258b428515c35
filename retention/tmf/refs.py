"""How the faces point to each other."""

from typing import Any

from customers.facts.models import Subscriber
from retention.tmf.face import Call
from retention.tmf.shapes import reference

AGREEMENTS = "agreementManagement/v4/agreement"
CUSTOMERS = "customer/v5/customer"
PRODUCTS = "productInventory/v4/product"


def line_ref(line: Subscriber, call: Call) -> dict[str, Any]:
    return reference("Product", line.subscriber_no, href=call.link(PRODUCTS, line.subscriber_no))


def customer_ref(line: Subscriber, call: Call) -> dict[str, Any]:
    """The line's customer. Read with `account__customer` joined."""
    number = line.account.customer.customer_no
    return reference("Customer", number, href=call.link(CUSTOMERS, number), role="customer")


def agreement_ref(contract_no: str, call: Call) -> dict[str, Any]:
    return reference("Agreement", contract_no, href=call.link(AGREEMENTS, contract_no))
