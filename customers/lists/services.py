"""Adding a customer to a list (do-not-disturb, false user, blacklist, red list) and ending the entry."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.facts.models import Customer
from customers.lists.models import ListEntry
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.db.inline import inline
from retention.core.errors import Conflict, Invalid, Refused

Kind = ListEntry.Kind
# The lists that agents may set during a call; the other lists control money and dunning.
MARK_KINDS = frozenset({Kind.DO_NOT_DISTURB, Kind.FALSE_USER})
PROFILE_FLAGS = {
    Kind.DO_NOT_DISTURB: "do_not_disturb",
    Kind.FALSE_USER: "false_user",
    Kind.BLACKLIST: "on_blacklist",
    Kind.RED_LIST: "on_red_list",
}


def lists_open_to(user: User) -> list[Kind]:
    """The lists that this user may change, in display order."""
    allowed = set(Kind) if user.may("customers.list") else MARK_KINDS if user.may("customers.mark") else set()
    return [kind for kind in PROFILE_FLAGS if kind in allowed]


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
) -> ListEntry:
    """Add the customer to a list from `starts_on` to `ends_on` (inclusive; None: until ended).

    Refused without the permission, Invalid for a blank reason or an end before the start, Conflict for an existing
    entry of that channel. The profiles of all lines of the customer are updated at once.
    """
    if kind not in lists_open_to(actor):
        raise Refused(_("Your role may not change this list."))
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Say why the customer is put on the list."), details=[{"field": "reason", "code": "required"}])
    if ends_on and ends_on < starts_on:
        raise Invalid(_("The end lies before the start."), details=[{"field": "ends_on", "code": "before_start"}])
    Customer.objects.select_for_update().get(pk=customer.pk)
    if customer.list_entries.in_force(on=starts_on).filter(kind=kind, channel=channel).exists():
        raise Conflict(_("The customer is on this list already."), code="already_listed")
    entry = ListEntry.objects.create(
        kind=kind, customer=customer, channel=channel, starts_on=starts_on, ends_on=ends_on, reason=reason[:200],
        created_by=actor, created_at=now,
    )  # fmt: skip
    _update_profile_flags(customer, kind, on=timezone.localtime(now).date())
    audit.record(
        actor=actor, action="customer.list_add", target=customer, list=kind, channel=channel, reason=reason[:200]
    )
    return entry


_ADD_FOUND = f"""
INSERT INTO {ListEntry._meta.db_table}
    (kind, customer_id, channel, starts_on, ends_on, reason, created_by_id, created_at)
SELECT DISTINCT %(kind)s, c.customer_id, '{ListEntry.Channel.ANY}', %(starts_on)s::date, %(ends_on)s::date, %(reason)s,
       NULL::bigint, %(now)s::timestamptz
FROM ({{customers}}) c
WHERE NOT EXISTS (
    SELECT FROM {ListEntry._meta.db_table} x
    WHERE x.customer_id = c.customer_id AND x.kind = %(kind)s AND x.channel = '{ListEntry.Channel.ANY}'
      AND x.starts_on <= %(starts_on)s AND (x.ends_on IS NULL OR x.ends_on >= %(starts_on)s))
ORDER BY c.customer_id
RETURNING customer_id
"""


@transaction.atomic
def add_found(
    *,
    customers: QuerySet,
    kind: str,
    reason: str,
    source: str,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
) -> int:
    """Put customers whom a rule has found on a list, in one statement; who is on it stays so. Returns how many are new.

    customers: a queryset of `customer_id`. source: what found them, for the trail. Their profiles follow at once.
    """
    sql, params = inline(customers, "customers")
    params |= {"kind": kind, "reason": reason[:200], "starts_on": starts_on, "ends_on": ends_on, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_ADD_FOUND.format(customers=sql), params)
        added = [customer for (customer,) in cursor.fetchall()]
    if added:
        profiles = Customer._meta.get_field("profiles").related_model._default_manager
        profiles.filter(customer__in=added).update(**{PROFILE_FLAGS[Kind(kind)]: True})
        audit.record(actor=None, action="customer.list_add", target=source, list=kind, customers=len(added))
    return len(added)


@transaction.atomic
def end_list_entry(*, actor: User, entry: ListEntry, on: date, reason: str = "") -> ListEntry:
    """End the entry: its last day is the one before `on`. Refused without the permission."""
    if entry.kind not in lists_open_to(actor):
        raise Refused(_("Your role may not change this list."))
    entry = ListEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.ends_on is None or entry.ends_on >= on:
        entry.ends_on = on - timedelta(days=1)
        entry.save(update_fields=["ends_on"])
        _update_profile_flags(entry.customer, entry.kind, on=on)
        audit.record(
            actor=actor, action="customer.list_end", target=entry.customer, list=entry.kind, reason=reason[:200]
        )
    return entry


def _update_profile_flags(customer: Customer, kind: str, *, on: date) -> None:
    """Updates the profiles, which rules and pages read, without waiting for the nightly rebuild."""
    listed = customer.list_entries.in_force(on=on).filter(kind=kind).exists()
    customer.profiles.update(**{PROFILE_FLAGS[Kind(kind)]: listed})
