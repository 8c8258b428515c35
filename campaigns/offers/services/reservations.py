"""Stock and budget of an offer: a piece is reserved with the proposal and released unless the offer is given.

Pools are always locked in the order of their keys, and once in a transaction, so that agents wait for each other and
never in a circle. The condition stands in the update itself and in the table.
"""

from collections.abc import Collection

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from campaigns.offers.models import Decision, OfferPool, Reservation
from campaigns.offers.tariffs import Amounts
from retention.core.errors import Conflict

# One statement a release: what the pools of a lot of decisions get back, and that nobody holds it any more.
_RELEASE_SQL = f"""
    WITH gone AS (
        DELETE FROM {Reservation._meta.db_table} WHERE decision_id = ANY(%s) RETURNING pool_id, yuan
    ), back AS (
        SELECT pool_id, count(*) AS units, sum(yuan) AS yuan FROM gone GROUP BY pool_id
    )
    UPDATE {OfferPool._meta.db_table} p SET held_units = p.held_units - back.units, held_yuan = p.held_yuan - back.yuan
    FROM back WHERE p.id = back.pool_id
"""


def reserve(*, decision: Decision, path: str, amounts: Amounts) -> None:
    """Take one unit and the cost from every pool of the offer that covers a branch, given by its path, in the caller's
    transaction. Conflict "used_up" when one of them has not enough; the caller's transaction must then fail."""
    cost = amounts.charged
    pools = OfferPool.objects.covering(path).filter(offer_id=decision.offer_id)
    locked = list(pools.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not locked:
        return
    taken = OfferPool.objects.filter(pk__in=locked).with_room(cost).update(
        held_units=F("held_units") + 1, held_yuan=F("held_yuan") + cost
    )  # fmt: skip
    if taken != len(locked):
        raise Conflict(_("This offer is used up: its stock or budget is given or reserved."), code="used_up")
    Reservation.objects.bulk_create(Reservation(decision=decision, pool_id=pk, yuan=cost) for pk in locked)


def release(decisions: Collection[int]) -> None:
    """Give back what these decisions, locked by the caller, hold; nothing for those that hold nothing."""
    pools = OfferPool.objects.filter(reservations__decision__in=decisions).values("pk")
    held = OfferPool.objects.filter(pk__in=pools).select_for_update(no_key=True).order_by("pk")
    if list(held.values_list("pk", flat=True)):
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE_SQL, [list(decisions)])
