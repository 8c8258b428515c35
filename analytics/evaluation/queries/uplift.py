"""The members of measured campaigns as they were known before, with what became of them; and the lines of now."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa

from analytics.evaluation.queries.members import VERDICT_DAYS
from analytics.evaluation.uplift.preparation import COLUMNS, PROFILE_COLUMNS, RISK
from analytics.valuation.models import Experiment
from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.states import Arm
from customers.facts.models import Subscriber
from customers.fields.choices import VOLUNTARY_REASONS
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.queries.windows import is_month_end
from customers.risk.models import RiskScore
from retention.core.db.copy import copy_out

_TYPES = {name: pa.float64() for name in COLUMNS}
_MEMBERS = f"""
WITH asked AS (
    SELECT * FROM unnest(%(campaigns)s::bigint[], %(frozen)s::date[], %(ends)s::date[]) a(campaign_id, frozen_on, "end")
),
begun AS (
    SELECT campaign_id, wave, min(launched_on) AS "on" FROM {CampaignMember._meta.db_table}
    WHERE campaign_id = ANY(%(campaigns)s) AND launched_on IS NOT NULL GROUP BY campaign_id, wave
)
SELECT m.campaign_id, m.arm = '{Arm.TREATED.value}' AS treated, coalesce(m.arpu, 0)::float8 AS worth,
       coalesce(m.expected_gain, 0)::float8 AS expected,
       NOT coalesce(s.termination_reason = ANY(%(by_choice)s) AND s.terminated_on <= b."on" + %(days)s, false)
           AS stayed,
       r.probability AS {RISK}, {", ".join(f"p.{name}" for name in PROFILE_COLUMNS)}
FROM {CampaignMember._meta.db_table} m
JOIN asked a ON a.campaign_id = m.campaign_id
JOIN begun b ON b.campaign_id = m.campaign_id AND b.wave = m.wave
JOIN {Subscriber._meta.db_table} s ON s.id = m.subscriber_id
JOIN {ProfileSnapshot._meta.db_table} p ON p.subscriber_id = m.subscriber_id AND p.as_of = a."end"
LEFT JOIN {RiskScore._meta.db_table} r ON r.subscriber_id = m.subscriber_id AND r.as_of = a.frozen_on
WHERE b."on" + %(days)s <= %(known)s AND (s.terminated_on IS NULL OR s.terminated_on >= b."on")
ORDER BY m.campaign_id, m.id
"""


def measured_campaigns() -> list[Campaign]:
    """Those whose test of a treatment stands: over, with arms that may be compared."""
    tests = Experiment.objects.in_force().filter(campaign__isnull=False)
    return list(Campaign.objects.filter(pk__in=tests.values("campaign"), frozen_on__isnull=False).order_by("pk"))


def members_as_frozen(campaigns: Sequence[Campaign], *, known: date) -> pd.DataFrame:
    """campaign_id, treated, worth (yuan a month), expected (gain in yuan, as of then), stayed, COLUMNS.

    The profile is that of the newest month end up to the freezing: nothing in it is later than the draw of the arms.
    Members without one (new since) are left out, in both arms alike.
    """
    frozen = [one.frozen_on for one in campaigns if one.frozen_on]
    found = copy_out(
        _MEMBERS,
        {
            "campaigns": [one.pk for one in campaigns], "frozen": frozen,
            "ends": [month_end_before(on) for on in frozen],
            "days": VERDICT_DAYS, "known": known, "by_choice": list(VOLUNTARY_REASONS),
        },
        types=_TYPES,
    )  # fmt: skip
    return found.to_pandas()


def month_end_before(day: date) -> date:
    """The newest month end that is over on the day."""
    return day if is_month_end(day) else day.replace(day=1) - timedelta(days=1)


def lines_to_score(*, as_of: date, low: int, high: int) -> pd.DataFrame:
    """subscriber_id and COLUMNS of the lines of a range that the churn model has scored."""
    lines = SubscriberProfile.objects.filter(
        as_of=as_of, subscriber_id__gte=low, subscriber_id__lte=high, risk_probability__isnull=False
    )
    return copy_out(lines.order_by().values("subscriber_id", *COLUMNS), types=_TYPES).to_pandas()
