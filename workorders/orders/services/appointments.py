"""When a call may be promised: ahead, within the type's reach, when calls are made, and not beside another promise."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from campaigns.outreach.models import ContactPolicy
from campaigns.outreach.text import format_hours
from customers.lists.models import ListEntry
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.ui.formats import moment
from workorders.order_types import rules
from workorders.orders.models import WorkOrder

# Two calls of one agent that are promised closer together than this cannot both be kept.
CLASH_WITHIN = timedelta(minutes=15)
CLASH = "clash"


def check_appointment(
    at: datetime | None, *, order: WorkOrder, agent: User, flow: rules.Flow, now: datetime, anyway: bool
) -> datetime:
    """The appointment. Invalid for a time that cannot be promised, and, unless the agent wants it `anyway`, for one
    too near to another appointment of the agent.
    """
    if at is None:
        raise _invalid(_("Give the day and time of the appointment."), "required")
    if at <= now:
        raise _invalid(_("The appointment lies in the past."), "past")
    if at > now + timedelta(days=flow.appointment_days):
        message = _("An appointment may be at most %(days)d days ahead.") % {"days": flow.appointment_days}
        raise _invalid(message, "too_far")
    policy = ContactPolicy.objects.current()
    if policy.hours(ListEntry.Channel.CALL).open_from(at) != at:
        hours = format_hours(policy, ListEntry.Channel.CALL)
        raise _invalid(_("Quiet hours: %(hours)s.") % {"hours": hours}, "quiet_hours")
    if not anyway:
        _refuse_clash(at, order, agent)
    return at


def _refuse_clash(at: datetime, order: WorkOrder, agent: User) -> None:
    near = WorkOrder.objects.promised_by(agent, since=at - CLASH_WITHIN, until=at + CLASH_WITHIN).exclude(pk=order.pk)
    other = next((one for one in near if one.appointment_at and abs(one.appointment_at - at) < CLASH_WITHIN), None)
    if other is not None:
        message = _("You have promised another call at %(when)s (order %(order)s). Choose another time, or keep both.")
        raise _invalid(message % {"when": moment(other.appointment_at), "order": other.order_no}, CLASH)


def _invalid(message: str, code: str) -> Invalid:
    return Invalid(message, details=[{"field": "appointment_at", "code": code, "message": message}])
