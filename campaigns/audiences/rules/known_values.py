"""The values that a field has in the base: found by what is typed, read by name or code, refused when there is none.

Names of rows (plans, policies, branches) come from their tables. Other words are those the profile holds: the common
ones from the statistics of the table, which cost nothing, and any other by looking for it.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.audiences.rules.columns import operand
from campaigns.audiences.rules.fields import RuleField
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User

FOUND_LIMIT = 20
SUGGESTED_LIMIT = 3
SAMPLE_LINES = 20_000
CLOSE_ENOUGH = 0.5
_NAME_AND_CODE = re.compile(r"(?P<name>.+?)\s*[(（](?P<code>[^()（）]+)[)）]")


@dataclass(frozen=True)
class KnownValue:
    """code: what the rule stores. text: what is typed for it: its name, with the code where several share the name."""

    code: str
    text: str


def find_values(field: RuleField, words: str, user: User) -> list[KnownValue]:
    """At most FOUND_LIMIT values of which `words` is a part of the name or code, beginnings first; the first values for
    no words. Only what the person may see: branches of their own tree; own texts of customers they may see.
    """
    words = words.strip()
    if field.rows:
        rows = field.rows.visible_to(user).filter(field.rows.named(words, "icontains") | Q(code__icontains=words))
        found = list(rows.values_list("code", "name")[: FOUND_LIMIT * 5])
        known = [KnownValue(code, text_for(field, code)) for code, _name in found]
    else:
        codes = _codes_seen_by(field, user) if field.custom_key else known_codes(field)
        known = [KnownValue(code, str(field.labels.get(code, code))) for code in codes]
        known = [one for one in known if words.casefold() in f"{one.text}\n{one.code}".casefold()]
    known.sort(key=lambda one: (not one.text.casefold().startswith(words.casefold()), one.text))
    return known[:FOUND_LIMIT]


def read_known(field: RuleField, text: str) -> str:
    """The code of a value given by code, by name or as `name (code)`. Nothing is refused while the base has no values.

    Raises ValueError with the closest names when the base has no such value, or more than one of that name.
    """
    text = text.strip()
    if field.choices:
        return _choice(field, text)
    if not field.has_open_values or "\x00" in text:
        return text
    return _row(field, text) if field.rows else _word(field, text)


def text_for(field: RuleField, code: str) -> str:
    """What stands in the builder for a code: its name where that is enough, `name (code)` where several share it."""
    name = str(field.labels.get(code, ""))
    if not name:
        return code
    if "," in name or "，" in name or "、" in name:
        return code  # a list of names is split there
    shared = field.rows is not None and list(field.names.values()).count(name) > 1
    return f"{name} ({code})" if shared else name


def known_codes(field: RuleField) -> list[str]:
    """The codes that a field of the profile or a membership is known to have."""
    return list(field.names) if field.membership else common_codes(field)


def common_codes(field: RuleField) -> list[str]:
    """The frequent values of a column of the profile; before the first ANALYZE those of the first lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_vals::text::text[] FROM pg_stats"
            " WHERE schemaname = current_schema() AND tablename = %s AND attname = %s",
            [SubscriberProfile._meta.db_table, field.key],
        )
        row = cursor.fetchone()
    if row and row[0]:
        return sorted(code for code in row[0] if code)
    sample = SubscriberProfile.objects.values_list(field.key, flat=True)[:SAMPLE_LINES]
    return sorted({code for code in sample if code})


def _codes_seen_by(field: RuleField, user: User) -> list[str]:
    lines = SubscriberProfile.objects.visible_to(user).filter(attributes__has_key=field.custom_key)
    values = lines.values_list(f"attributes__{field.custom_key}", flat=True)[:SAMPLE_LINES]
    return sorted({str(value) for value in values if value})


def _choice(field: RuleField, text: str) -> str:
    labels = {code: str(label) for code, label in field.choices}
    if text in labels:
        return text
    named = [code for code, label in labels.items() if label.casefold() == text.casefold()]
    if len(named) == 1:
        return named[0]
    raise ValueError(_no_such_value(field, text, list(labels.values())))


def _row(field: RuleField, text: str) -> str:
    assert field.rows is not None
    rows = field.rows.rows()
    if rows.filter(code=text).exists() or not rows.exists():
        return text
    both = _NAME_AND_CODE.fullmatch(text)
    if both and rows.filter(field.rows.named(both["name"]), code=both["code"]).exists():
        return both["code"]
    named = list(rows.filter(field.rows.named(text)).values_list("code", "name")[: SUGGESTED_LIMIT + 1])
    if len(named) == 1:
        return named[0][0]
    if named:
        several = _listed([f"{name} ({code})" for code, name in named[:SUGGESTED_LIMIT]])
        raise ValueError(_("“%(value)s” names several: %(several)s") % {"value": text, "several": several})
    raise ValueError(_no_such_value(field, text, _names(rows.values_list("code", "name"))))


def _names(pairs: object) -> list[str]:
    return [name for pair in pairs for name in (pair[1], pair[0])]  # type: ignore[attr-defined]


def _word(field: RuleField, text: str) -> str:
    codes: Sequence[str] = () if field.custom_key else known_codes(field)
    if text in codes or not field.membership and _is_held(field, text):
        return text
    labels: Mapping[str, str] = {code: str(field.labels.get(code, code)) for code in codes}
    named = [code for code, label in labels.items() if label.casefold() == text.casefold()]
    if len(named) == 1:
        return named[0]
    if not codes and not field.membership and not _is_used(field):
        return text
    raise ValueError(_no_such_value(field, text, [*labels.values(), *codes]))


def _is_held(field: RuleField, text: str) -> bool:
    return SubscriberProfile.objects.filter(Exact(operand(field), text)).exists()


def _is_used(field: RuleField) -> bool:
    if field.custom_key:
        return SubscriberProfile.objects.filter(attributes__has_key=field.custom_key).exists()
    return SubscriberProfile.objects.filter(**{f"{field.key}__gt": ""}).exists()


def _no_such_value(field: RuleField, text: str, known: Sequence[str]) -> str:
    """The sentence of a refusal, with the closest of the known names, however they are written."""
    by_fold = {one.casefold(): one for one in reversed(known) if one}
    words = text.casefold()
    close = [one for one in by_fold if words in one][:SUGGESTED_LIMIT]
    close += difflib.get_close_matches(words, by_fold, SUGGESTED_LIMIT, CLOSE_ENOUGH)
    names = {"value": text[:80], "field": field.label}
    if not close:
        return _("“%(value)s” exists nowhere in %(field)s") % names
    suggested = list(dict.fromkeys(by_fold[one] for one in close))[:SUGGESTED_LIMIT]
    return _("“%(value)s” exists nowhere in %(field)s. Did you mean %(close)s?") % (names | {"close": _or(suggested)})


def _listed(words: Sequence[str]) -> str:
    return pgettext("between the values of a list", ", ").join(words)


def _or(words: Sequence[str]) -> str:
    return pgettext("between suggested names", " or ").join(words)
