from customers.models.access import CustomerGrant
from customers.models.attributes import Attribute, CustomField
from customers.models.batches import BatchBody, IngestBatch
from customers.models.catalogue import LineType, Plan, Policy, Product
from customers.models.contact import ContactRecord
from customers.models.history import PastValue
from customers.models.imports import SavedMapping, Upload
from customers.models.lines import Contract, CustomerGroup, ProductSubscription, Subscriber, Terminal
from customers.models.lists import ListEntry
from customers.models.money import Balance, Bill, Payment, PointEntry
from customers.models.parties import Account, Customer
from customers.models.profile import ProfileSnapshot, SubscriberProfile
from customers.models.quarantine import QuarantinedRow
from customers.models.risk import RiskScore, RiskTier, TenureCohort
from customers.models.service import ServiceContact, StatusEvent
from customers.models.social import Consent, Tie
from customers.models.usage import UsageDay, UsageMonth

__all__ = [
    "Account",
    "Attribute",
    "Balance",
    "BatchBody",
    "Bill",
    "Consent",
    "ContactRecord",
    "Contract",
    "CustomField",
    "Customer",
    "CustomerGrant",
    "CustomerGroup",
    "IngestBatch",
    "LineType",
    "ListEntry",
    "PastValue",
    "Payment",
    "Plan",
    "PointEntry",
    "Policy",
    "Product",
    "ProductSubscription",
    "ProfileSnapshot",
    "QuarantinedRow",
    "RiskScore",
    "RiskTier",
    "SavedMapping",
    "ServiceContact",
    "StatusEvent",
    "Subscriber",
    "SubscriberProfile",
    "TenureCohort",
    "Terminal",
    "Tie",
    "Upload",
    "UsageDay",
    "UsageMonth",
]
