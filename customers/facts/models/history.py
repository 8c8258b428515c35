"""What facts were before the billing system said otherwise: so that a past date can be seen with its own eyes."""

from django.db import models

from customers.facts.models.attributes import Attribute
from customers.facts.models.catalogue import Plan, Policy, Product
from customers.facts.models.lines import Contract, CustomerGroup, ProductSubscription, Subscriber, Terminal
from customers.facts.models.parties import Account, Customer
from customers.facts.models.service import ServiceContact
from retention.core.accounts.models import Branch

# Columns that the profile reads and that a later fact may change. Facts with a date of their own (usage, bills,
# payments, events) need none: their date says when they count. No names and no phone numbers are kept.
HISTORY_COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Subscriber: (
        "account_id", "line_type", "plan_id", "branch_id", "channel", "activated_on", "status", "status_reason",
        "terminated_on", "termination_reason", "promotion_code", "bandwidth_mbps", "group_id", "bundle_no",
    ),
    Account: ("customer_id", "pay_mode", "credit_limit"),
    Customer: ("kind", "gender", "birth_date", "tier", "service_level", "profiling_opt_out"),
    Contract: ("subscriber_id", "policy_id", "starts_on", "ends_on", "ended_on"),
    ProductSubscription: ("subscriber_id", "product_id", "starts_on", "ends_on"),
    ServiceContact: ("subscriber_id", "opened_at", "kind", "severity", "closed_at", "satisfaction"),
    Terminal: ("brand", "generation"),
    Plan: ("line_type", "brand", "monthly_fee", "voice_minutes", "data_mb", "is_bundle"),
    Policy: ("code", "months"),
    Product: ("monthly_fee",),
    CustomerGroup: ("kind",),
    Attribute: ("value", "as_of"),
    Branch: ("path", "level"),
}  # fmt: skip
HISTORY_COLUMNS_BY_TABLE: dict[str, tuple[str, ...]] = {
    model._meta.db_table: columns for model, columns in HISTORY_COLUMNS.items()
}

# Before the first night nothing has been built on the facts: corrections of the first loads leave no trace.
ANY_PROFILE_SQL = "(EXISTS (SELECT FROM customers_subscriberprofile) OR EXISTS (SELECT FROM customers_profilesnapshot))"


class PastValue(models.Model):
    """One column of one row of `table` was `was` (JSON) until that instant. Written by the ingest as it updates rows,
    from the first night on; read by customers.profile.queries.point_in_time."""

    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    column = models.CharField(max_length=63)
    was = models.JSONField(null=True)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="past_value_until")]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}"
