"""The members of a campaign that a person may see, each followed from the day on which its wave began.

Both arms are followed from the same day, the first on which the wave was opened. Who had left before is in neither.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Min

from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.states import Arm
from customers.facts.models import Subscriber
from customers.fields.choices import VOLUNTARY_REASONS
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role
from retention.core.db.inline import inline

# Days after the beginning of the wave; the last is the one that the verdict stands on.
WINDOWS = (30, 60, 90)
VERDICT_DAYS = WINDOWS[-1]

# followed: id, subscriber_id, customer_id, branch_id, segment, risk_decile, arpu, order_no, offer_code, treated, "on",
# left_after
# (days to leaving by choice as far as it is known, NULL for none).
FOLLOWED = f"""
chosen AS ({{chosen}}),
begun AS (SELECT * FROM unnest(%(waves)s::int[], %(days_begun)s::date[]) AS b(wave, "on")),
followed AS (
    SELECT c.id, c.subscriber_id, c.customer_id, c.branch_id, c.segment, c.risk_decile, c.arpu, c.order_no,
           c.offer_code, c.arm = '{Arm.TREATED.value}' AS treated, b."on",
           CASE WHEN s.termination_reason = ANY(%(by_choice)s) AND s.terminated_on <= %(known)s
                THEN s.terminated_on - b."on" END AS left_after
    FROM chosen c JOIN begun b ON b.wave = c.wave
    JOIN {Subscriber._meta.db_table} s ON s.id = c.subscriber_id
    WHERE b."on" <= %(known)s AND (s.terminated_on IS NULL OR s.terminated_on >= b."on")
)"""
MEMBER_FIELDS = (
    "id", "subscriber_id", "customer_id", "branch_id", "segment", "risk_decile", "arpu", "order_no", "offer_code",
    "arm", "wave",
)  # fmt: skip


def members_in_scope(campaign: Campaign, user: User | None) -> Any:
    """Members of the person's branch and below, for None (a rule of the night) all. Not those whose customers the
    person may see: agents and supervisors see the treated alone, and arms of which one is missing cannot be compared.
    Only counts leave here.
    """
    members = CampaignMember.objects.filter(campaign=campaign)
    if user is None or user.role == Role.ADMINISTRATOR:
        return members
    if user.branch is None:
        return members.none()
    return members.filter(branch__in=Branch.objects.under(user.branch).values("pk"))


@dataclass(frozen=True)
class Followed:
    """A campaign as one person sees it. known: the day up to which facts are known; begun: {wave: its first day}."""

    campaign: Campaign
    user: User | None
    known: date
    begun: dict[int, date]

    @classmethod
    def of(cls, campaign: Campaign, user: User | None, known: date) -> "Followed":
        """The waves are those of the whole campaign, so that a branch is followed from the same days as the others."""
        waves = CampaignMember.objects.filter(campaign=campaign, launched_on__isnull=False).order_by("wave")
        return cls(campaign, user, known, dict(waves.values_list("wave").annotate(on=Min("launched_on"))))

    def rows(self, sql: str, **params: Any) -> list[tuple]:
        """The rows of a statement that starts from `followed`; `{followed}` stands for its WITH items."""
        chosen, own = inline(members_in_scope(self.campaign, self.user).values(*MEMBER_FIELDS), "chosen")
        values = own | params | {
            "waves": list(self.begun),
            "days_begun": list(self.begun.values()),
            "known": self.known,
            "by_choice": list(VOLUNTARY_REASONS),
            "zone": settings.TIME_ZONE,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(sql.format(followed=FOLLOWED.format(chosen=chosen)), values)
            return cursor.fetchall()
