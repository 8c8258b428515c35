from django.utils.translation import gettext_lazy as _

from customers.facts.models import Plan, Policy, Product
from customers.ingest.resources.base import Fields, Resource
from customers.ingest.resources.checks import Order

plan, product, policy = Fields(Plan), Fields(Product), Fields(Policy)

PLANS = Resource(
    "plans",
    Plan,
    _("Plans"),
    key=("code",),
    fields=(
        plan.key("code"),
        plan.text("name"),
        plan.choice("line_type"),
        plan.text("brand", ""),
        plan.money("monthly_fee", low=0),
        plan.count("voice_minutes"),
        plan.count("data_mb"),
        plan.count("sms_count"),
        plan.rate("voice_rate", None),
        plan.rate("data_rate", None),
        plan.rate("sms_rate", None),
        plan.count("bandwidth_mbps", None),
        plan.flag("is_restricted", False),
        plan.flag("is_bundle", False),
        plan.choice("market", Plan.Market.CONSUMER),
        plan.day("on_sale_from", None),
        plan.day("on_sale_until", None),
    ),
    checks=(Order("on_sale_from", "on_sale_until"),),
)

PRODUCTS = Resource(
    "products",
    Product,
    _("Products"),
    key=("code",),
    fields=(product.key("code"), product.text("name"), product.text("category"), product.money("monthly_fee", low=0)),
)

POLICIES = Resource(
    "policies",
    Policy,
    _("Contract policies"),
    key=("code",),
    fields=(
        policy.key("code"),
        policy.text("name"),
        policy.count("months", high=1200),
        policy.money("deposit", 0, low=0),
        policy.money("gift_value", 0, low=0),
        policy.day("starts_on", None),
        policy.day("ends_on", None),
    ),
    checks=(Order("starts_on", "ends_on"),),
)
