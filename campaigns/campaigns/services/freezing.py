"""Freezing the audience: members, arms and waves in one statement, for good; and giving it up before the launch."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.audiences.queries import EXPECTED_GAIN_ORDER
from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.models.campaigns import wrong
from campaigns.campaigns.queries.drawing import drawing_sql, origin_of
from campaigns.campaigns.queries.funnels import CampaignFunnel
from campaigns.campaigns.rules import GROWTH_LIMIT
from campaigns.campaigns.services.approval import require_unchanged
from campaigns.campaigns.services.holdouts import assign_universal_holdout
from campaigns.campaigns.services.life import finish_move, lock_for
from campaigns.campaigns.states import Arm, MemberState, Move
from campaigns.outreach.models import HeldOut
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict
from retention.core.ui import formats

# Both arms are numbered through by worth: a wave ends with its last treated member, and the control before it is in it.
_FREEZE = f"""
WITH {{ctes}},
placed AS (
    SELECT d.*,
           CASE WHEN risk_probability IS NOT NULL THEN
               ntile(10) OVER (PARTITION BY risk_probability IS NULL ORDER BY risk_probability DESC, subscriber_id)
           END AS decile,
           count(*) FILTER (WHERE NOT is_control)
               OVER (ORDER BY {EXPECTED_GAIN_ORDER} ROWS UNBOUNDED PRECEDING) AS nth
    FROM drawn d
),
written AS (
    INSERT INTO {CampaignMember._meta.db_table}
        (campaign_id, subscriber_id, customer_id, branch_id, segment, risk_decile, expected_gain, arpu, arm,
         offer_code, wave, state, reason, order_no)
    SELECT %(campaign)s, subscriber_id, customer_id, branch_id, coalesce(segment, ''), decile, expected_gain, arpu,
           CASE WHEN is_control THEN '{Arm.CONTROL}' ELSE '{Arm.TREATED}' END,
           CASE WHEN is_control THEN '' ELSE offer_code END,
           CASE WHEN %(wave_size)s::int IS NULL THEN 1 ELSE (greatest(nth, 1) - 1) / %(wave_size)s + 1 END,
           CASE WHEN is_control THEN '{MemberState.LEFT_ALONE}' ELSE '{MemberState.WAITING}' END, '', ''
    FROM placed ORDER BY nth
    RETURNING customer_id, arm, wave
),
held AS (
    INSERT INTO {HeldOut._meta.db_table} (customer_id, origin, purpose, since, until)
    SELECT customer_id, %(origin)s, %(purpose)s, %(on)s, %(until)s FROM written WHERE arm = '{Arm.CONTROL}'
)
SELECT count(*), count(*) FILTER (WHERE arm = '{Arm.TREATED}'), coalesce(max(wave), 0) FROM written
"""


@transaction.atomic
def freeze_audience(*, actor: User, code: str, version: int, now: datetime) -> Campaign:
    """Make the audience the campaign's members for good, draw the control group and leave it alone from now on.

    Conflict where what was approved is not what stands (audience_changed), or where more customers are found by now
    than approved (audience_grew); Invalid for nobody.
    """
    campaign = lock_for(Move.FREEZE, actor=actor, code=code, version=version)
    require_unchanged(campaign)
    as_of = SubscriberProfile.objects.newest_date()
    if as_of is None:
        raise wrong("rule", "catches_nobody", _("The audience is empty: nobody is found."))
    today = timezone.localtime(now).date()
    assign_universal_holdout(on=today)
    part = drawing_sql(campaign, as_of=as_of, on=today)
    own = {"campaign": campaign.pk, "wave_size": campaign.wave_size, "until": held_until(campaign)}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_FREEZE.format(ctes=part.ctes), part.params | own)
        members, treated, waves = cursor.fetchone()
    _require_as_approved(campaign, members, treated)
    finish_move(
        campaign, Move.FREEZE, actor=actor, frozen_on=as_of, frozen_at=now, members_count=members,
        treated_count=treated, waves=waves,
    )  # fmt: skip
    audit.record(actor=actor, action="campaign.freeze", target=campaign, members=members, treated=treated)
    return campaign


def held_until(campaign: Campaign) -> object:
    """The last day on which its control group is left alone."""
    return campaign.ends_on + timedelta(days=campaign.measure_days)


def _require_as_approved(campaign: Campaign, members: int, treated: int) -> None:
    if not treated:
        raise wrong("rule", "catches_nobody", _("The audience is empty: nobody is found."))
    tested = CampaignFunnel.from_json(campaign.test).treated
    if treated > tested * GROWTH_LIMIT:
        words = {"found": formats.number(treated), "approved": formats.number(tested)}
        text = _("%(found)s customers would be contacted; %(approved)s were approved. Test it again.")
        raise Conflict(text % words, code="audience_grew")


@transaction.atomic
def thaw_audience(*, actor: User, code: str, version: int) -> Campaign:
    """Give the frozen audience up before anybody was contacted: the campaign is a draft again."""
    campaign = lock_for(Move.THAW, actor=actor, code=code, version=version)
    CampaignMember.objects.filter(campaign=campaign).delete()
    release_control(campaign)
    return finish_move(
        campaign, Move.THAW, actor=actor, frozen_on=None, frozen_at=None, members_count=0, treated_count=0, waves=0,
        approved_by=None, submitted_by=None, tested_version=None,
    )  # fmt: skip


def release_control(campaign: Campaign) -> int:
    """Nobody is held out for the campaign any more. Returns how many were."""
    return HeldOut.objects.filter(origin=origin_of(campaign)).delete()[0]
