from datetime import datetime

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Account, Customer, CustomerGroup
from customers.facts.name_index import index_names
from customers.ingest.resources.base import Fields, Resource

customer, account, group = Fields(Customer), Fields(Account), Fields(CustomerGroup)


def index_staged_names(cursor: CursorWrapper, now: datetime) -> None:
    """The staged names can be searched for as soon as their customers are there."""
    index_names(cursor, "stage_customers")


CUSTOMERS = Resource(
    "customers",
    Customer,
    _("Customers"),
    key=("customer_no",),
    fields=(
        customer.key("customer_no"),
        customer.choice("kind"),
        customer.text("name"),
        customer.text("gender", ""),
        customer.day("birth_date", None, past=True),
        customer.to("branches", "branch_code", "branch", key="code"),
        customer.choice("tier", "none"),
        customer.text("service_level", ""),
        customer.phone("contact_phone", ""),
        customer.text("email", ""),
        customer.text("language", ""),
        customer.day("joined_on", None, past=True),
        customer.opt_out("profiling_opt_out"),
    ),
    after=index_staged_names,
)

ACCOUNTS = Resource(
    "accounts",
    Account,
    _("Accounts"),
    key=("account_no",),
    fields=(
        account.key("account_no"),
        account.to("customers", "customer_no", "customer", key="customer_no"),
        account.choice("pay_mode"),
        account.money("credit_limit", None, low=0),
    ),
)

GROUPS = Resource(
    "groups",
    CustomerGroup,
    _("Groups"),
    key=("group_no",),
    fields=(group.key("group_no"), group.text("name"), group.choice("kind")),
)
