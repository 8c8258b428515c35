"""On the page of a person: when the person is away, and what would change hands if the account were deactivated."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.staff.panels import PersonPanel
from retention.core.ui import formats
from workorders.absences.queries import left_by
from workorders.allocation.models import Absence


def absence_panel(*, reader: User, person: User) -> PersonPanel | None:
    """None for people who work no orders."""
    if not person.may("work.do"):
        return None
    orders, promised, owned = left_by(person)
    coming = Absence.objects.filter(agent=person, ended=False, last_day__gte=clock.today()).order_by("first_day")
    between = pgettext("between the values of a list", ", ")
    days = between.join(f"{formats.moment(one.first_day)} – {formats.moment(one.last_day)}" for one in coming)
    in_hand = _("%(orders)s, of these %(promised)s appointments") % {
        "orders": formats.number(orders), "promised": formats.number(promised)
    }  # fmt: skip
    new = f"{reverse('absences:new')}?agent={person.username}"
    return PersonPanel(
        title=_("Absences, and what leaving would move"),
        icon="calendar-event",
        facts=[
            (_("Absent"), days or formats.DASH),
            (_("Open orders: back to the group on deactivation"), in_hand),
            (_("Cohort members: to the other owners on deactivation"), formats.number(owned)),
        ],
        actions=[(new, _("Record an absence"), "plus")] if reader.may("agents.edit") else [],
    )
