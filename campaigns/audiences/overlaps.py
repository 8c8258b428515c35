"""Who else is after the same lines: what the details of a rule count among those it finds.

A feature that finds or reserves lines declares how in `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.audiences.rules.memberships import MEMBERSHIPS, OPEN_ORDER
from retention.core.accounts.models import User
from retention.core.registry import Registry

CONTACTED_DAYS = 30


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
