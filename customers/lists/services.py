"""Adding a customer to a list, changing an entry and ending it; every step is in the trail of the customer."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.facts.models import Customer
from customers.lists.models import ListEntry, OwnList
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.db.inline import inline
from retention.core.errors import Conflict, Invalid, Refused

Kind = ListEntry.Kind
Source = ListEntry.Source
# The lists that agents may set during a call; the other lists control money and dunning.
MARK_KINDS = frozenset({Kind.DO_NOT_DISTURB, Kind.FALSE_USER})
PROFILE_FLAGS = {
    Kind.DO_NOT_DISTURB: "do_not_disturb",
    Kind.FALSE_USER: "false_user",
    Kind.BLACKLIST: "on_blacklist",
    Kind.RED_LIST: "on_red_list",
}


def lists_open_to(user: User) -> list[Kind]:
    """The shipped lists that this user may change, in display order."""
    allowed = set(Kind) if user.may("customers.list") else MARK_KINDS if user.may("customers.mark") else set()
    return [kind for kind in PROFILE_FLAGS if kind in allowed]


def own_lists_open_to(user: User) -> QuerySet[OwnList]:
    """The own lists in use that this user may put customers on."""
    lists = OwnList.objects.in_use().visible_to(user).order_by("name", "pk")
    return lists if user.may("customers.list") else lists.none()


def may_change(user: User, entry: ListEntry) -> bool:
    if entry.own_list is not None:
        return user.may("customers.list") and OwnList.objects.visible_to(user).filter(pk=entry.own_list.pk).exists()
    return entry.kind in lists_open_to(user)


@transaction.atomic
def add_to_list(
    *,
    actor: User,
    customer: Customer,
    kind: str,
    reason: str,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
    channel: str = ListEntry.Channel.ANY,
    own_list: OwnList | None = None,
    source: str = Source.STAFF,
    proof: str = "",
) -> ListEntry:
    """Add the customer to a list from `starts_on` to `ends_on` (inclusive; None: until ended).

    own_list: which one, for the kind OWN. Refused without the permission, Invalid for a blank reason or an end before
    the start, Conflict for an existing entry of that channel. The profiles of all lines of the customer are updated at
    once.
    """
    mine = kind in lists_open_to(actor) if own_list is None else own_list in own_lists_open_to(actor)
    if not mine:
        raise Refused(_("Your role may not change this list."))
    reason = reason.strip()
    _check(reason, starts_on, ends_on)
    # No key: a file that lands its rows refers to customers while it holds the table of entries.
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    same = customer.list_entries.filter(kind=kind, channel=channel, own_list=own_list)
    if same.in_force(on=starts_on).exists():
        raise Conflict(_("The customer is on this list already."), code="already_listed")
    entry = ListEntry.objects.create(
        kind=kind, own_list=own_list, customer=customer, channel=channel, starts_on=starts_on, ends_on=ends_on,
        reason=reason[:200], source=source, proof=proof.strip()[:120], created_by=actor, created_at=now,
    )  # fmt: skip
    _update_profile_flags(customer, kind, on=timezone.localtime(now).date())
    _record(actor, "customer.list_add", entry, reason=entry.reason, source=source, proof=entry.proof)
    return entry


@transaction.atomic
def change_list_entry(
    *, actor: User, entry: ListEntry, ends_on: date | None, reason: str, proof: str, now: datetime
) -> ListEntry:
    """Change the end, the reason or the proof of an entry in force or to come.

    Refused and Invalid as add_to_list; Invalid for an end that has passed (end the entry instead); Conflict for an
    entry that has ended: what has been stays as it was.
    """
    entry, today = _lock(actor, entry), timezone.localtime(now).date()
    if entry.ends_on is not None and entry.ends_on < today:
        raise Conflict(_("The entry has ended. Add the customer anew."), code="ended")
    reason = reason.strip()
    _check(reason, entry.starts_on, ends_on)
    if ends_on is not None and ends_on < today and ends_on != entry.ends_on:
        raise _wrong(
            "ends_on", "in_the_past", _("The end lies in the past. To end the entry now, take it off the list.")
        )
    wanted = {"ends_on": ends_on, "reason": reason[:200], "proof": proof.strip()[:120]}
    changes = {name: [_plain(getattr(entry, name)), _plain(new)] for name, new in wanted.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        ListEntry.objects.filter(pk=entry.pk).update(**wanted)
        entry.refresh_from_db()
        _update_profile_flags(entry.customer, entry.kind, on=today)
        _record(actor, "customer.list_change", entry, changes=changes)
    return entry


_ADD_FOUND = f"""
INSERT INTO {ListEntry._meta.db_table}
    (kind, own_list_id, customer_id, channel, starts_on, ends_on, reason, source, proof, end_reason, created_by_id,
     created_at)
SELECT DISTINCT %(kind)s, %(own)s::bigint, c.customer_id, %(channel)s, %(starts_on)s::date, %(ends_on)s::date,
       %(reason)s, %(found_by)s, %(source)s, '', NULL::bigint, %(now)s::timestamptz
FROM ({{customers}}) c
WHERE NOT EXISTS (
    SELECT FROM {ListEntry._meta.db_table} x
    WHERE x.customer_id = c.customer_id AND x.kind = %(kind)s AND x.channel = %(channel)s
      AND x.own_list_id IS NOT DISTINCT FROM %(own)s::bigint
      AND x.starts_on <= %(starts_on)s AND (x.ends_on IS NULL OR x.ends_on >= %(starts_on)s))
ORDER BY c.customer_id
RETURNING customer_id
"""


@transaction.atomic
def add_found(
    *,
    customers: QuerySet,
    list_code: str,
    reason: str,
    source: str,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
    channel: str = ListEntry.Channel.ANY,
    found_by: str = Source.SCENARIO,
) -> int:
    """Put customers whom a rule has found on a list, in one statement; who is on it stays so. Returns how many are new.

    customers: a queryset of `customer_id`. list_code: of a list that ships or an own one, which may be out of use: its
    entries wait until it is in use again. source: what found them, for the trail, and the proof of the entries.
    found_by: of ListEntry.Source. Their profiles follow at once. OwnList.DoesNotExist for any other code.
    """
    own = None if list_code in PROFILE_FLAGS else OwnList.objects.get(code=list_code)
    sql, params = inline(customers, "customers")
    params |= {
        "kind": Kind.OWN if own else list_code,
        "own": own and own.pk,
        "reason": reason[:200],
        "source": source[:120],
        "starts_on": starts_on,
        "ends_on": ends_on,
        "now": now,
        "channel": channel,
        "found_by": found_by,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD_FOUND.format(customers=sql), params)
        added = [customer for (customer,) in cursor.fetchall()]
    if added and own is None:
        profiles = Customer._meta.get_field("profiles").related_model._default_manager
        profiles.filter(customer__in=added).update(**{PROFILE_FLAGS[Kind(list_code)]: True})
    if added:
        audit.record(actor=None, action="customer.list_add", target=source, list=list_code, customers=len(added))
    return len(added)


@transaction.atomic
def end_list_entry(*, actor: User, entry: ListEntry, on: date, reason: str = "") -> ListEntry:
    """End the entry: its last day is the one before `on`. Refused without the permission."""
    entry = _lock(actor, entry)
    if entry.ends_on is None or entry.ends_on >= on:
        entry.ends_on, entry.ended_by, entry.end_reason = on - timedelta(days=1), actor, reason.strip()[:200]
        entry.save(update_fields=["ends_on", "ended_by", "end_reason"])
        _update_profile_flags(entry.customer, entry.kind, on=on)
        _record(actor, "customer.list_end", entry, reason=entry.end_reason)
    return entry


def _update_profile_flags(customer: Customer, kind: str, *, on: date) -> None:
    """Updates the profiles, which rules and pages read, without waiting for the nightly rebuild."""
    if flag := PROFILE_FLAGS.get(Kind(kind)):
        listed = customer.list_entries.in_force(on=on).filter(kind=kind).exists()
        customer.profiles.update(**{flag: listed})


def _lock(actor: User, entry: ListEntry) -> ListEntry:
    entry = ListEntry.objects.select_for_update(of=("self",)).select_related("own_list", "customer").get(pk=entry.pk)
    if not may_change(actor, entry):
        raise Refused(_("Your role may not change this list."))
    return entry


def _check(reason: str, starts_on: date, ends_on: date | None) -> None:
    if not reason:
        raise _wrong("reason", "required", _("Say why the customer is put on the list."))
    if ends_on and ends_on < starts_on:
        raise _wrong("ends_on", "before_start", _("The end lies before the start."))


def _wrong(field: str, code: str, text: str) -> Invalid:
    return Invalid(text, details=[{"field": field, "code": code, "message": text}])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _record(actor: User, action: str, entry: ListEntry, **detail: Any) -> None:
    which = entry.own_list.code if entry.own_list else entry.kind
    audit.record(
        actor=actor, action=action, target=entry.customer, list=which, channel=entry.channel, entry=entry.pk, **detail
    )
