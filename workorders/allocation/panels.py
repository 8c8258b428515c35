"""What an agent can do, on the page of the person."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.accounts.models import User
from retention.core.staff.panels import PersonPanel
from retention.core.ui import formats
from workorders.allocation.queries import daily_cap_of, skills_of, targets_of


def skills_panel(*, reader: User, person: User) -> PersonPanel | None:
    """None for people who work no orders."""
    if not person.may("work.do"):
        return None
    cap, between = daily_cap_of(person), pgettext("between the values of a list", ", ")
    targets = targets_of([person])[person.pk]
    edit = (reverse("allocation:agent-edit", args=[person.username]), _("Edit"), "edit")
    return PersonPanel(
        title=_("Work on orders"),
        icon="headset",
        facts=[
            (_("Skills and languages"), between.join(one.title for one in skills_of(person)) or formats.DASH),
            (_("Orders a day at most"), formats.number(cap) if cap else _("no limit")),
            (_("Contacts a day (target)"), formats.number(targets.contacts)),
            (_("Retained or accepted a day (target)"), formats.number(targets.good)),
        ],
        actions=[edit] if reader.may("agents.edit") else [],
    )
