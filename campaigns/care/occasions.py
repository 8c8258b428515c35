"""The occasions that the care calendar declares, and the calendar itself."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.audiences.occasions import OCCASIONS, Occasion
from campaigns.care.models import NOTICE
from campaigns.care.queries import due
from campaigns.scenarios.calendars import CALENDARS, Calendar
from customers.fields.base import Feed

CARE: Final = CALENDARS.declare(
    "S21",
    Calendar(
        _("Care calendar"),
        _("22 reasons to get in touch, such as birthdays, festivals, points and payments, each with its own switch."),
        "care:calendar",
    ),
)
BIRTHDAY = OCCASIONS.declare("birthday", Occasion(_("Birthday"), due.birthdays))
FESTIVAL = OCCASIONS.declare(
    "festival", Occasion(_("Festival or day of the year"), due.days_of_the_year, dated=True, variables=("name",))
)
OCCASIONS.declare(NOTICE, Occasion(pgettext_lazy("occasion", "Notice"), due.notices, variables=("name",)))
FIRST_POINTS = OCCASIONS.declare(
    "first_points", Occasion(_("First points"), due.first_points, ahead=False, variables=("points",))
)
POINTS_CHANGE = OCCASIONS.declare(
    "points_change", Occasion(_("Points changed"), due.points_change, ahead=False, variables=("points",))
)
POINTS_LOSS = OCCASIONS.declare(
    "points_loss", Occasion(_("Points lost"), due.points_loss, ahead=False, variables=("points",))
)
POINTS_EXPIRY = OCCASIONS.declare(
    "points_expiry", Occasion(_("Points expire"), due.points_expiry, variables=("points",))
)
PAYMENT = OCCASIONS.declare(
    "payment",
    Occasion(_("Payment received"), due.payments, ahead=False, feeds=(Feed.TOPUPS,), variables=("amount",)),
)
BALANCE = OCCASIONS.declare(
    "balance",
    Occasion(_("Balance fell"), due.balance_falls, ahead=False, feeds=(Feed.BALANCES,), variables=("balance",)),
)
COMPLAINT = OCCASIONS.declare("complaint", Occasion(_("Complaint closed"), due.closed_complaints, ahead=False))
