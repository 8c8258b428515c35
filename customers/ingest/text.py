"""Messages for bad rows, by code. Stored in English with the row; pages translate them for the reader."""

from contextlib import AbstractContextManager

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEM_MESSAGES: dict[str, Promise] = {
    "required": _("%(field)s is missing"),
    "too_long": _("%(field)s is longer than %(max_length)s characters"),
    "not_a_choice": _("%(field)s is %(value)s, which is none of %(choices)s"),
    "not_a_phone": _("%(field)s is %(value)s, which is not a phone number"),
    "lost_digits": _("%(field)s is %(value)s, a number whose last digits a spreadsheet has dropped"),
    "hidden_character": _("%(field)s is %(value)s, which holds a control character"),
    "other_spelling": _("%(field)s is %(value)s, another spelling of one of %(choices)s"),
    "too_many_decimals": _("%(field)s is %(value)s, which has more than %(places)s decimals"),
    "missing_for": _("%(field)s is missing, which %(other)s '%(said)s' needs"),
    "not_allowed_for": _("%(field)s is %(value)s, which %(other)s '%(said)s' does not allow"),
    "not_an_integer": _("%(field)s is %(value)s, which is not a whole number"),
    "not_a_number": _("%(field)s is %(value)s, which is not a number"),
    "negative": _("%(field)s is %(value)s, which is below zero"),
    "out_of_range": _("%(field)s is %(value)s, which is not between %(low)s and %(high)s"),
    "not_a_flag": _("%(field)s is %(value)s, which is neither true nor false"),
    "not_a_date": _("%(field)s is %(value)s, which is not a day written YYYY-MM-DD"),
    "not_a_month": _("%(field)s is %(value)s, which is not a month written YYYY-MM"),
    "no_such_date": _("%(field)s is %(value)s, a date or time that does not exist"),
    "not_an_instant": _("%(field)s is %(value)s, which is not a time written like 2026-01-31T08:00:00+08:00"),
    "no_offset": _("%(field)s is %(value)s, which does not say its offset from UTC (like +08:00)"),
    "in_future": _("%(field)s is %(value)s, which lies in the future"),
    "wrong_shape": _("%(field)s is %(value)s, where a text or a number belongs"),
    "not_an_object": _("%(field)s is not a JSON object"),
    "bad_encoding": _("%(field)s holds bytes that are not text"),
    "wrong_order": _("%(field)s is %(value)s, which is before %(earlier)s"),
    "after_stored": _("%(field)s is %(value)s, which is after the %(later)s that is stored"),
    "unknown_column": _("%(field)s is not a field of %(resource)s"),
    "unknown_attribute": _("%(value)s is not a declared custom field"),
    "wrong_attribute_type": _("%(value)s is not a value of the custom field's type (%(kind)s)"),
    "cycle": _("%(field)s is %(value)s, which would put the branch under itself"),
    "too_deep": _("%(field)s is %(value)s, which makes the chain of codes too long"),
    "duplicate_key": _("%(key)s repeats row %(first)s with other values"),
    "unknown_reference": _("%(field)s is %(value)s, which is not known yet; the row waits for it"),
    "circular_reference": _("%(field)s is %(value)s, which waits for this row itself (%(circle)s)"),
    "changed_since": _("%(value)s was changed since and was not taken back"),
    "restated_since": _("%(value)s was sent again by a later batch and was not taken back"),
    "reference_gone": _("%(value)s cannot be put back: what it referred to is gone"),
    "open_quote": _("a quote is opened and never closed; what follows could not be read"),
    "malformed_json": _("the line is not a JSON object: %(value)s"),
    "wrong_columns": _("the row has %(actual)s columns where the header has %(expected)s"),
}


def format_problem(code: str, row: int, **words: object) -> str:
    """ "Row 12: voice_out_s is 'abc', which is not a whole number." in the language in force."""
    shown = {name: shorten(value) if name == "value" else value for name, value in words.items()}
    return str(_("Row %(row)s: %(what)s.")) % {"row": row, "what": str(PROBLEM_MESSAGES[code]) % shown}


def in_english() -> AbstractContextManager:
    """The language in which sentences are stored and sent to machines."""
    return translation.override("en")


def shorten(value: object) -> str:
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value)[:61])
    return f"'{text[:60]}...'" if len(text) > 60 else f"'{text}'"
