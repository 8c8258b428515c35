"""What resources and their fields are called on the import pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.ingest.resource import Field, Resource

RESOURCES: dict[str, Promise] = {
    "branches": _("Branches"),
    "plans": _("Plans"),
    "products": _("Products"),
    "policies": _("Contract policies"),
    "customers": _("Customers"),
    "accounts": _("Accounts"),
    "groups": _("Groups"),
    "subscribers": _("Subscribers (lines)"),
    "contracts": _("Contracts"),
    "product-subscriptions": _("Subscribed products"),
    "usage-days": _("Usage by day"),
    "usage-months": _("Usage by month"),
    "bills": _("Bills"),
    "payments": _("Payments"),
    "balances": _("Balances"),
    "points": _("Points"),
    "status-events": _("Status events"),
    "service-contacts": _("Complaints, faults and inquiries"),
    "terminals": _("Terminals"),
    "ties": _("Calling circle"),
    "attributes": _("Custom fields of subscribers"),
    "consents": _("Consents"),
}
# Where the model's own name for a column says too little to somebody who maps a file.
FIELDS: dict[str, Promise] = {
    "parent_code": _("code of the branch above"),
    "branch_code": _("branch code"),
    "plan_code": _("plan code"),
    "product_code": _("product code"),
    "policy_code": _("policy code"),
    "customer_no": _("customer number"),
    "account_no": _("account number"),
    "subscriber_no": _("subscriber number"),
    "group_no": _("group number"),
    "event_no": _("event number"),
    "entry_no": _("entry number"),
    "ticket_no": _("ticket number"),
    "payment_no": _("payment number"),
    "voice_rate": _("price of a minute"),
    "data_rate": _("price of a MB"),
    "sms_rate": _("price of a message"),
    "on_sale_from": _("on sale from"),
    "on_sale_until": _("on sale until"),
    "starts_on": _("first day"),
    "ends_on": _("last day"),
    "activated_on": _("day of activation"),
    "joined_on": _("day of joining"),
    "terminated_on": _("day of termination"),
    "day": _("day"),
    "month": _("month"),
    "at": _("time"),
    "voice_out_s": _("outgoing call seconds"),
    "voice_in_s": _("incoming call seconds"),
    "calls_out": _("outgoing calls"),
    "calls_in": _("incoming calls"),
    "sms_out": _("messages sent"),
    "sms_count": pgettext_lazy("column", "messages"),
    "months": pgettext_lazy("column", "months"),
    "kind": _("kind"),
    "field": _("custom field"),
    "data_mb": _("data (MB)"),
    "roaming_s": _("roaming seconds"),
    "forwarded_own": _("calls forwarded to own network"),
    "forwarded_rival": _("calls forwarded to a rival network"),
    "rival_hotline_calls": _("calls to rival hotlines"),
    "distinct_contacts": _("different numbers called"),
    "dropped_calls": _("dropped calls"),
    "active_days": _("days in use"),
    "points": pgettext_lazy("column", "points"),
    "reason": _("reason"),
    "expires_on": _("day of expiry"),
    "detail": _("details (JSON)"),
    "tac": _("type allocation code (TAC)"),
    "other_hash": _("hash of the other number"),
    "calls": pgettext_lazy("column", "calls"),
    "minutes": pgettext_lazy("column", "minutes"),
    "network": _("network"),
    "purpose": _("purpose"),
    "channel": _("channel"),
    "granted": _("granted"),
    "source": _("source"),
    "source_version": _("version of the row"),
    "value": _("value"),
    "as_of": _("as of"),
    "due_on": _("due on"),
    "paid_on": _("paid on"),
    "paid_at": _("paid at"),
    "opened_at": _("opened at"),
    "closed_at": _("closed at"),
}
FLAGS: dict[str, Promise] = {"true": _("yes"), "false": _("no")}


def resource_label(name: str) -> str:
    return str(RESOURCES.get(name, name))


def field_label(field: Field) -> str:
    return str(FIELDS.get(field.name, field.label))


def describe(resource: Resource) -> str:
    """The resource's fields in one line, those that must be given first."""
    needed = [field_label(f) for f in resource.fields if f.required]
    further = [field_label(f) for f in resource.fields if not f.required]
    line = ", ".join(needed)
    return f"{line} ({', '.join(further)})" if further else line


def choices() -> list[tuple[str, str]]:
    return [(name, str(label)) for name, label in RESOURCES.items()]


def value_label(resource: Resource, field: Field, value: str) -> str:
    """What one of the values of a closed list is called: the model's own word for it."""
    if field.kind.name == "flag":
        return str(FLAGS[value])
    kept = {column.name: column for column in resource.model._meta.concrete_fields}
    words = dict(kept[field.name].choices or ()) if field.name in kept else {}
    return str(words.get(value, value))
