"""The universal hold-out: its setting, and the stored assignment of customers to it."""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.campaigns.models import UniversalHoldout
from campaigns.campaigns.models.campaigns import wrong
from campaigns.campaigns.models.holdouts import UNIVERSAL
from campaigns.outreach.models import ANY_PURPOSE, HeldOut
from customers.facts.models import Customer
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Refused

MOST_PER_MILLE = 200
_HELD = HeldOut._meta.db_table
_DRAWN = "abs(hashtextextended(%(salt)s || ':' || c.id, 0) %% 1000) < %(per_mille)s"
# Customers who came since are drawn like all others; who is no longer drawn is let go.
_ASSIGN = f"""
WITH ended AS (
    DELETE FROM {_HELD} x USING {Customer._meta.db_table} c
    WHERE x.origin = '{UNIVERSAL}' AND c.id = x.customer_id AND NOT ({_DRAWN})
)
INSERT INTO {_HELD} (customer_id, origin, purpose, since, until)
SELECT c.id, '{UNIVERSAL}', '{ANY_PURPOSE}', %(on)s, NULL FROM {Customer._meta.db_table} c
WHERE {_DRAWN} AND NOT EXISTS (SELECT FROM {_HELD} x WHERE x.customer_id = c.id AND x.origin = '{UNIVERSAL}')
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def set_universal_holdout(
    *, actor: User, per_mille: int, salt: str, starts_on: date, note: str, now: datetime
) -> UniversalHoldout:
    """A new setting, in force from a day on; who is drawn changes on that day. Refused without the permission."""
    if not actor.may("contact_policy.edit"):
        raise Refused(_("Your role does not include this."))
    today = timezone.localtime(now).date()
    if not 0 <= per_mille <= MOST_PER_MILLE:
        raise wrong("per_mille", "range", _("At most %(most)d per mille are held out.") % {"most": MOST_PER_MILLE})
    if starts_on < today:
        raise wrong("starts_on", "past", _("It cannot begin in the past."))
    row = UniversalHoldout.objects.create(
        per_mille=per_mille, salt=salt or "universal", starts_on=starts_on, set_by=actor, set_at=now, note=note
    )
    audit.record(
        actor=actor, action="universal_holdout.change", target="universal_holdout", per_mille=per_mille,
        starts_on=str(starts_on), note=note,
    )  # fmt: skip
    assign_universal_holdout(on=today)
    return row


@transaction.atomic
def assign_universal_holdout(*, on: date) -> int:
    """Bring the stored assignment in line with the setting in force; run every night. Returns how many came in."""
    setting = UniversalHoldout.objects.in_force(on)
    if setting is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGN, {"salt": setting.salt, "per_mille": setting.per_mille, "on": on})
        return int(cursor.rowcount)
