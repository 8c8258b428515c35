"""Who else is after the same lines: what the details of a rule count among those it finds.

A feature that finds or reserves lines declares how in `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.audiences.queries import count_conditions
from campaigns.audiences.rules.memberships import MEMBERSHIPS, OPEN_ORDER
from customers.profile.models import ProfileQuerySet
from retention.core.accounts.models import User
from retention.core.registry import Registry

CONTACTED_DAYS = 30
OTHERS_SHOWN = 5


@dataclass(frozen=True)
class Other:
    """condition: over SubscriberProfile. url: its page, "" for none."""

    label: str
    condition: Q
    url: str = ""


# By what they are: (person, code of the row whose rule it is) -> others.
OVERLAPS: Registry[str, Callable[[User, str], Iterator[Other]]] = Registry("overlap")


def contacts(user: User, code: str) -> Iterator[Other]:
    """Whom the contact rules will hardly let call."""
    yield Other(_("Has an open order"), Q(MEMBERSHIPS[OPEN_ORDER].exists()))
    label = _("Contacted by us in the last %(days)d days") % {"days": CONTACTED_DAYS}
    yield Other(label, Q(days_since_contact__lte=CONTACTED_DAYS))


OVERLAPS.declare("contacts", contacts)


def others_of(found: ProfileQuerySet, *, user: User, code: str) -> list[tuple[Other, int]]:
    """(who else, lines of `found` that it means as well), the largest first. code: of the row whose lines they are,
    "" for a new one. One pass over the lines."""
    others = [other for find in OVERLAPS.values() for other in find(user, code)]
    counts = count_conditions({f"other_{at}": other.condition for at, other in enumerate(others)}, found)
    ranked = [(other, count["alone"]) for other, count in zip(others, counts, strict=True) if count["alone"]]
    return sorted(ranked, key=lambda pair: -pair[1])[:OTHERS_SHOWN]
