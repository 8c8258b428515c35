"""Tables of the console."""

from django.utils.translation import gettext_lazy as _

from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import DayColumn, NumberColumn, PercentColumn


class DayTable(BaseTable):
    """One row a day of an agent's work: dicts of workload.by_day."""

    day = DayColumn(verbose_name=_("Day"))
    contacts = NumberColumn(verbose_name=_("Contacts"))
    reached = NumberColumn(verbose_name=_("Reached"))
    reach_rate = PercentColumn(
        verbose_name=_("Reach rate"), help_text=_("Contacts in which the customer was reached."), orderable=False
    )
    good = NumberColumn(
        verbose_name=_("Retained or accepted"),
        help_text=_("Contacts that ended with the customer staying or taking an offer."),
    )
    good_rate = PercentColumn(verbose_name=_("of those reached"), orderable=False)
    refused = NumberColumn(verbose_name=_("Refused"))
    appointments = NumberColumn(verbose_name=_("Appointments"))
    closed = NumberColumn(verbose_name=_("Closed"))

    caption = _("My work by day")
    region_id = "days"
    empty_title = _("No contacts in this period")
    empty_text = _("Every contact you end is counted here on its day.")
