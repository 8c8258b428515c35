"""What is wrong with a row, in the reader's language and with the field called as on the pages.

Rows are kept with an English sentence; what filled it is known from the field, the row, or the sentence itself.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.imports.labels import field_label, resource_label
from customers.imports.picks import fields_of
from customers.imports.ways import is_no_day
from customers.ingest import messages
from customers.ingest.resource import Resource

# What only the kept sentence knows.
SAID: dict[str, re.Pattern] = {
    "duplicate_key": re.compile(r"Row \d+: (?P<key>.*) repeats row (?P<first>\d+) with other values\.", re.DOTALL),
    "wrong_columns": re.compile(r"has (?P<actual>\d+) columns where the header has (?P<expected>\d+)"),
    "wrong_attribute_type": re.compile(r"type \((?P<kind>\w+)\)"),
}

TITLES: dict[str, Promise] = {
    "required": _("Value missing"),
    "too_long": _("Too long"),
    "not_a_choice": _("Not one of the values allowed"),
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
    "open_quote": _("Quote never closed"),
    "malformed_json": _("Not a JSON object"),
    "wrong_columns": _("Wrong number of columns"),
}


def what_is_wrong(resource: Resource, *, code: str, field: str, value: object, message: str) -> str:
    """The sentence without "Row 12:", in the language in force; the kept sentence when that cannot be said again."""
    if code in {"not_a_date", "not_a_month"} and is_no_day(str(value)):
        code = "no_such_date"
    words = _words(resource, code=code, field=field, value=value, message=message)
    try:
        said = str(messages.SENTENCES[code]) % words
    except (KeyError, ValueError, TypeError):
        return re.sub(r"^Row \d+: ", "", message)
    return said[:1].upper() + said[1:]


def _words(resource: Resource, *, code: str, field: str, value: object, message: str) -> dict[str, object]:
    known = fields_of(resource)
    words: dict[str, object] = {
        "field": field,
        "value": messages.shorten(value),
        "resource": resource_label(resource.name),
    }
    if field in known:
        words |= known[field].kind.limits() | {"field": field_label(known[field])}
    for order in resource.checks:
        if order.later == field and order.earlier in known:
            words["earlier"] = field_label(known[order.earlier])
    if code in SAID and (found := SAID[code].search(message)):
        words |= found.groupdict()
    return words


def code_title(code: str) -> str:
    """A few words for a kind of error, for counts."""
    return str(TITLES.get(code, code))
