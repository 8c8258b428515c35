"""The members of a campaign."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.campaigns.models import CampaignMember
from campaigns.campaigns.states import Arm
from campaigns.campaigns.text import MEMBER_TONES
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import (
    BadgeColumn,
    Column,
    DayColumn,
    GainColumn,
    MoneyColumn,
    NumberColumn,
    ReferenceColumn,
)
from retention.core.ui.tables.detail import DetailTable

ARM_TONES = {Arm.TREATED: ("info", "phone"), Arm.CONTROL: ("neutral", "scale")}


class CampaignMemberTable(BaseTable):
    """Members with `for_list()`."""

    subscriber_no = Column(
        verbose_name=_("Subscriber"), accessor="subscriber__subscriber_no", order_by="subscriber__subscriber_no"
    )
    customer = Column(verbose_name=_("Customer"), accessor="customer__name", orderable=False)
    branch = Column(verbose_name=_("Branch"), accessor="branch__name", orderable=False)
    arm = BadgeColumn(verbose_name=_("Arm"), tones=ARM_TONES)
    offer_code = Column(verbose_name=_("Drawn offer"), default="")
    wave = NumberColumn(verbose_name=_("Wave"))
    state = BadgeColumn(verbose_name=_("State"), tones=MEMBER_TONES)
    reason = Column(verbose_name=_("Contact rule"), default="")
    order_no = ReferenceColumn(verbose_name=_("Order"), kind="workorder", default="", orderable=False)
    launched_on = DayColumn(verbose_name=_("Wave opened"))
    risk_decile = NumberColumn(verbose_name=_("Risk decile"))
    expected_gain = GainColumn(verbose_name=_("Expected gain"))
    arpu = MoneyColumn(verbose_name=_("Spend a month"))
    segment = Column(verbose_name=_("Segment"), default="")

    caption = _("Members of the campaign")
    region_id = "members"
    empty_title = _("No members")
    empty_text = _("Members are there once the audience is frozen.")

    def row_url(self, record: CampaignMember) -> str:
        return reverse("customers:detail", args=[record.subscriber.subscriber_no])


class LineCampaignTable(DetailTable):
    """Memberships of one customer."""

    campaign = Column(verbose_name=_("Campaign"), accessor="campaign__title")
    arm = BadgeColumn(verbose_name=_("Arm"), tones=ARM_TONES)
    state = BadgeColumn(verbose_name=_("State"), tones=MEMBER_TONES)
    launched_on = DayColumn(verbose_name=_("Wave opened"))
    order_no = ReferenceColumn(verbose_name=_("Order"), kind="workorder", default="")

    caption = _("Campaigns")

    def row_url(self, record: CampaignMember) -> str:
        return reverse("campaign:campaign", args=[record.campaign.code])
