"""What limits an offer apart from its rule, in words: stock and budget, offers accepted before, and economics. Pure."""

import calendar
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from campaigns.offers.economics import OfferEconomics, rounded
from retention.core.ui import formats


class Pool(Protocol):
    """An OfferPool."""

    @property
    def stock(self) -> int | None: ...

    @property
    def units_left(self) -> int | None: ...

    @property
    def yuan_left(self) -> Decimal | None: ...


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def used_up(pools: Iterable[Pool], *, cost: Decimal) -> str:
    """Why no more of it can be given that costs so many yuan; "" when it can."""
    for pool in pools:
        if pool.units_left == 0:
            return _("Used up: all %(stock)s are given or reserved.") % {"stock": formats.number(pool.stock)}
        if pool.yuan_left is not None and pool.yuan_left < cost:
            what = {"left": formats.money(pool.yuan_left), "cost": formats.money(cost)}
            return _("The budget is used up: %(left)s are left, and this offer takes %(cost)s.") % what
    return ""


def accepted_lately(accepted_on: date | None, *, months: int, on: date) -> str:
    """Why the customer is not offered one of the family again: they accepted one within so many months; "" else."""
    if accepted_on is None or not months or on >= months_later(accepted_on, months):
        return ""
    what = {"day": formats.moment(accepted_on), "until": formats.moment(months_later(accepted_on, months))}
    return _("The customer accepted one of this family on %(day)s: not again before %(until)s.") % what


def pays_for_nobody(found: OfferEconomics | None) -> str:
    """Why an offer is made to no customer with this plan and spend, whatever the risk; "" for one that may pay."""
    if found is None or found.pays:
        return ""
    what = {"lost": formats.money(rounded(-found.if_saved)), "months": found.horizon}
    return (
        _(
            "It pays for no customer like this: even one who would leave for certain and stays for it costs"
            " %(lost)s more than they bring over %(months)d months."
        )
        % what
    )
