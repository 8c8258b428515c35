"""The fact tables, one module per subject area."""

from customers.facts.models.attributes import Attribute, CustomField
from customers.facts.models.base import MONEY, unchecked_foreign_key
from customers.facts.models.catalogue import LineType, Plan, Policy, Product
from customers.facts.models.history import ANY_PROFILE_SQL, PastValue
from customers.facts.models.lines import Contract, CustomerGroup, ProductSubscription, Subscriber, Terminal
from customers.facts.models.money import Balance, Bill, Payment, PointEntry
from customers.facts.models.parties import Account, Customer, CustomerName
from customers.facts.models.service import ServiceContact, StatusEvent
from customers.facts.models.social import Consent, Tie
from customers.facts.models.usage import Usage, UsageDay, UsageMonth, UsageMonthDue

__all__ = [
    "ANY_PROFILE_SQL",
    "Account",
    "Attribute",
    "Balance",
    "Bill",
    "Consent",
    "Contract",
    "CustomField",
    "Customer",
    "CustomerGroup",
    "CustomerName",
    "LineType",
    "MONEY",
    "PastValue",
    "Payment",
    "Plan",
    "PointEntry",
    "Policy",
    "Product",
    "ProductSubscription",
    "ServiceContact",
    "StatusEvent",
    "Subscriber",
    "Terminal",
    "Tie",
    "Usage",
    "UsageDay",
    "UsageMonth",
    "UsageMonthDue",
    "unchecked_foreign_key",
]
