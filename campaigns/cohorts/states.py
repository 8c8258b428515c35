"""What has become of a member at a month end, as SQL over its line as it stood then. See docs/decisions/0023."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Subscriber


class MemberState(models.TextChoices):
    KEPT = "kept", _("In service")
    MOVED = "moved", _("In service in another branch")
    TERMINATED = "terminated", _("Terminated")
    PORTED_OUT = "ported_out", _("Ported out")
    NUMBER_REUSED = "number_reused", _("Number with another customer")
    HANDED_OVER = "handed_over", _("Line taken over by another customer")


KEPT_STATES = (MemberState.KEPT, MemberState.MOVED)
LOST_STATES = tuple(state for state in MemberState if state not in KEPT_STATES)

# Of a member `m`, its line `s`, the line's account `a`, and `reused.id`: set where the number frozen with the member
# is in service with another customer who joined after the freezing. A number that its line has given up for a new one
# is no loss; a stop is none either, since a stopped line can come back.
STATE_SQL = f"""CASE
    WHEN coalesce(s.terminated_on <= %(as_of)s, s.status = '{Subscriber.Status.TERMINATED}') THEN CASE
        WHEN s.termination_reason = '{Subscriber.Reason.PORT_OUT}' THEN '{MemberState.PORTED_OUT}'
        WHEN reused.id IS NOT NULL THEN '{MemberState.NUMBER_REUSED}'
        ELSE '{MemberState.TERMINATED}' END
    WHEN a.customer_id <> m.customer_id THEN '{MemberState.HANDED_OVER}'
    WHEN reused.id IS NOT NULL AND s.phone_number = m.phone_number THEN '{MemberState.NUMBER_REUSED}'
    WHEN s.branch_id <> m.branch_id THEN '{MemberState.MOVED}'
    ELSE '{MemberState.KEPT}' END"""
