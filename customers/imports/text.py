"""Labels of resources and fields on the import pages, and problems of rows in the reader's language."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.imports.rules.choices import fields_of
from customers.imports.rules.formats import is_impossible_date
from customers.ingest import text
from customers.ingest.field_types import Phone
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES, resource_named
from customers.ingest.resources.base import Field, Resource
from customers.ingest.resources.checks import Order
from retention.core.masking import mask_phone

BAD_ROW_STATES: dict[str, Promise] = {
    QuarantinedRow.State.REJECTED: _("Rejected"),
    QuarantinedRow.State.WAITING: _("Waiting"),
    QuarantinedRow.State.KEPT: _("Stays"),
}
# Where the model's own name for a column says too little to somebody who maps a file.
FIELD_LABELS: dict[str, Promise] = {
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
FLAG_LABELS: dict[str, Promise] = {"true": _("yes"), "false": _("no")}


def resource_label(name: str) -> str:
    return str(RESOURCES[name].label) if name in RESOURCES else name


def field_label(field: Field) -> str:
    return str(FIELD_LABELS.get(field.name, field.label))


def describe_fields(resource: Resource) -> str:
    """The resource's fields in one line, required ones first."""
    needed = [field_label(f) for f in resource.fields if f.required]
    further = [field_label(f) for f in resource.fields if not f.required]
    line = ", ".join(needed)
    return f"{line} ({', '.join(further)})" if further else line


def resource_choices() -> list[tuple[str, str]]:
    return [(name, str(resource.label)) for name, resource in RESOURCES.items()]


def value_label(resource: Resource, field: Field, value: str) -> str:
    """The label of a value of a closed list, from the model's choices."""
    if field.kind.name == "flag":
        return str(FLAG_LABELS[value])
    kept = {column.name: column for column in resource.model._meta.concrete_fields}
    words = dict(kept[field.name].choices or ()) if field.name in kept else {}
    return str(words.get(value, value))


# Problems whose details only the stored message holds.
MESSAGE_PATTERNS: dict[str, re.Pattern] = {
    "duplicate_key": re.compile(r"Row \d+: (?P<key>.*) repeats row (?P<first>\d+) with other values\.", re.DOTALL),
    "wrong_columns": re.compile(r"has (?P<actual>\d+) columns where the header has (?P<expected>\d+)"),
    "changed_since": re.compile(r"Row \d+: (?P<value>.*) was changed since", re.DOTALL),
    "restated_since": re.compile(r"Row \d+: (?P<value>.*) was sent again", re.DOTALL),
    "reference_gone": re.compile(r"Row \d+: (?P<value>.*) cannot be put back", re.DOTALL),
    "circular_reference": re.compile(r"itself \((?P<circle>.*)\)\.", re.DOTALL),
    "wrong_attribute_type": re.compile(r"type \((?P<kind>\w+)\)"),
    "missing_for": re.compile(r"which (?P<other>\w+) '(?P<said>\w+)' needs"),
    "not_allowed_for": re.compile(r"which (?P<other>\w+) '(?P<said>\w+)' does not allow"),
    "after_stored": re.compile(r"which is after the (?P<later>\w+) that is stored"),
}

CODE_TITLES: dict[str, Promise] = {
    "required": _("Value missing"),
    "too_long": _("Too long"),
    "not_a_choice": _("Not one of the values allowed"),
    "not_a_phone": _("Not a phone number"),
    "lost_digits": _("Digits lost in a spreadsheet"),
    "hidden_character": _("Control character"),
    "other_spelling": _("Another spelling of a known word"),
    "too_many_decimals": _("Too many decimals"),
    "missing_for": _("Missing for this status"),
    "not_allowed_for": _("Does not go with the status"),
    "after_stored": _("After the day stored"),
    "not_an_integer": _("Not a whole number"),
    "not_a_number": _("Not a number"),
    "negative": _("Below zero"),
    "out_of_range": _("Out of range"),
    "not_a_flag": _("Neither yes nor no"),
    "not_a_date": _("Not a date"),
    "not_a_month": _("Not a month"),
    "no_such_date": _("No such date"),
    "not_an_instant": _("Not a time"),
    "no_offset": _("Time without its offset"),
    "in_future": _("In the future"),
    "wrong_shape": _("Neither text nor number"),
    "not_an_object": _("Not a JSON object"),
    "bad_encoding": _("Not text"),
    "wrong_order": _("Before the first day"),
    "unknown_column": _("Unknown field"),
    "unknown_attribute": _("Custom field not declared"),
    "wrong_attribute_type": _("Wrong type for the custom field"),
    "cycle": _("Branch under itself"),
    "too_deep": _("Branches too deep"),
    "duplicate_key": _("Row repeated"),
    "unknown_reference": _("Refers to something not known yet"),
    "changed_since": _("Changed since"),
    "restated_since": _("Sent again by a later batch"),
    "reference_gone": _("Referred to something that is gone"),
    "circular_reference": _("Waits for a row that waits for it"),
    "open_quote": _("Quote never closed"),
    "malformed_json": _("Not a JSON object"),
    "wrong_columns": _("Wrong number of columns"),
}


PHONE_DIGITS = 7  # what has as many is masked, however wrong it is written


def format_row_problem(resource: Resource, *, code: str, field: str, value: object, message: str) -> str:
    """The message without "Row 12:" in the active language; the stored message when it cannot be rebuilt."""
    if code in {"not_a_date", "not_a_month"} and is_impossible_date(str(value)):
        code = "no_such_date"
    words = _message_parameters(resource, code=code, field=field, value=value, message=message)
    try:
        message = str(text.PROBLEM_MESSAGES[code]) % words
    except (KeyError, ValueError, TypeError):
        return re.sub(r"^Row \d+: ", "", message)
    return message[:1].upper() + message[1:]


def _message_parameters(resource: Resource, *, code: str, field: str, value: object, message: str) -> dict[str, object]:
    known = fields_of(resource)
    words: dict[str, object] = {
        "field": field,
        "value": text.shorten(value),
        "resource": resource_label(resource.name),
    }
    if field in known and isinstance(known[field].kind, Phone) and len(re.findall(r"\d", str(value))) >= PHONE_DIGITS:
        words["value"] = mask_phone(str(value))
    if field in known:
        words |= known[field].kind.limits() | {"field": field_label(known[field])}
    for rule in resource.checks:
        if isinstance(rule, Order) and rule.later == field and rule.earlier in known:
            words["earlier"] = field_label(known[rule.earlier])
    if code in MESSAGE_PATTERNS and (found := MESSAGE_PATTERNS[code].search(message)):
        words |= found.groupdict()
    if (other := words.get("other")) in known:
        words |= {"other": field_label(known[other]), "said": value_label(resource, known[other], str(words["said"]))}
    if (later := words.get("later")) in known:
        words["later"] = field_label(known[later])
    return words


def field_title(resource: str, name: str) -> str:
    """The label of a resource's field; a name that is none of its fields unchanged."""
    known = fields_of(resource_named(resource)).get(name)
    return field_label(known) if known else name


def code_title(code: str) -> str:
    """A short title of an error code, for counts."""
    return str(CODE_TITLES.get(code, code))
