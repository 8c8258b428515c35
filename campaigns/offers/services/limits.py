"""Stock and budget of offers, and the ceilings of roles: set by managers, audited."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.offers.defaults import CEILINGS
from campaigns.offers.models import Offer, OfferCeiling, OfferPool, ceilings
from retention.core.accounts.models import Branch, User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound, Refused
from retention.core.managed.permissions import may_decide
from retention.core.managed.queries import find_row

LIMIT_ACTION = "offer.limit"


@transaction.atomic
def set_pool(
    *, actor: User, code: str, branch: Branch | None, stock: int | None, budget: Decimal | None
) -> OfferPool:  # fmt: skip
    """Set what may be given of an offer in a branch and below, None for the whole base; None for no limit.

    Refused for a branch that the actor does not decide for; Invalid below what is given or reserved already; NotFound.
    """
    offer = find_row(model=Offer, actor=actor, code=code)
    if not may_decide(actor=actor, permission=Offer.edit_permission, branch=branch):
        raise Refused(_("You do not decide for this branch."))
    OfferPool.objects.get_or_create(offer=offer, branch=branch)
    pool = OfferPool.objects.select_for_update(of=("self",)).get(offer=offer, branch=branch)
    if stock is not None and stock < pool.held_units:
        raise _invalid("stock", _("%(held)s are given or reserved already.") % {"held": pool.held_units})
    if budget is not None and budget < pool.held_yuan:
        raise _invalid("budget", _("%(held)s yuan are given or reserved already.") % {"held": pool.held_yuan})
    before = pool.stock, pool.budget
    pool.stock, pool.budget = stock, budget
    pool.save(update_fields=["stock", "budget"])
    changes = {
        name: [_text(old), _text(new)]
        for name, old, new in zip(("stock", "budget"), before, (stock, budget), strict=True)
        if old != new
    }
    if changes:
        where = branch.code if branch else ""
        audit.record(actor=actor, action=LIMIT_ACTION, target=offer, branch=where, changes=changes)
    return pool


@transaction.atomic
def set_ceiling(*, actor: User, role: str, yuan: Decimal | None) -> OfferCeiling:
    """Set what an offer may cost that people of the role give alone; None for no limit. Only who decides for the whole
    base may; NotFound for a role that makes no offers, Invalid for an amount below zero."""
    if not may_decide(actor=actor, permission=Offer.edit_permission, branch=None):
        raise Refused(_("Only who decides for the whole base may change ceilings."))
    if role not in CEILINGS:
        raise NotFound(_("There is no such role."))
    if yuan is not None and yuan < 0:
        raise _invalid("yuan", _("An amount may not be negative."))
    before = ceilings()[role]
    row, _new = OfferCeiling.objects.update_or_create(role=role, defaults={"yuan": yuan})
    if before != yuan:
        changes = {"yuan": [_text(before), _text(yuan)]}
        audit.record(actor=actor, action=LIMIT_ACTION, target=f"ceiling:{role}", changes=changes)
    return row


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, details=[{"field": field, "code": "limit", "message": message}])
