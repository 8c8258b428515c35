from django.utils.translation import gettext_lazy as _

from customers.facts.models import Contract, LineType, ProductSubscription, Subscriber
from customers.ingest.resources.base import Fields, Resource
from customers.ingest.resources.checks import DateOfState, DialledNumber, Order

line, contract = Fields(Subscriber), Fields(Contract)
subscription = Fields(ProductSubscription)

SUBSCRIBERS = Resource(
    "subscribers",
    Subscriber,
    _("Subscribers (lines)"),
    key=("subscriber_no",),
    fields=(
        line.key("subscriber_no"),
        line.to("accounts", "account_no", "account", key="account_no"),
        line.phone("phone_number", access_names=True),
        line.choice("line_type"),
        line.to("plans", "plan_code", "plan", key="code"),
        line.to("branches", "branch_code", "branch", key="code"),
        line.text("channel"),
        line.day("activated_on", past=True),
        line.choice("status"),
        line.text("status_reason", ""),
        line.day("terminated_on", None, past=True),
        line.choice("termination_reason", ""),
        line.key("promotion_code", ""),
        line.count("bandwidth_mbps", None),
        line.to("groups", "group_no", "group", key="group_no", default=None),
        line.key("bundle_no", ""),
        line.key("number_hash", ""),
    ),
    checks=(
        Order("activated_on", "terminated_on"),
        DateOfState("status", Subscriber.Status.TERMINATED, "terminated_on", also=("termination_reason",)),
        DialledNumber("phone_number", "line_type", (LineType.MOBILE, LineType.WIRELESS_LANDLINE)),
    ),
)

CONTRACTS = Resource(
    "contracts",
    Contract,
    _("Contracts"),
    key=("contract_no",),
    fields=(
        contract.key("contract_no"),
        contract.subscriber(),
        contract.to("policies", "policy_code", "policy", key="code"),
        contract.day("starts_on"),
        contract.day("ends_on"),
        contract.day("ended_on", None),
    ),
    checks=(Order("starts_on", "ends_on"), Order("starts_on", "ended_on")),
)

PRODUCT_SUBSCRIPTIONS = Resource(
    "product-subscriptions",
    ProductSubscription,
    _("Subscribed products"),
    key=("subscription_no",),
    fields=(
        subscription.key("subscription_no"),
        subscription.subscriber(),
        subscription.to("products", "product_code", "product", key="code"),
        subscription.day("starts_on"),
        subscription.day("ends_on", None),
    ),
    checks=(Order("starts_on", "ends_on"),),
)
