"""What a campaign comes to before it runs: who is left out and why, whom the gate refuses, gain, cost and work."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from django.db import connection
from django.utils import timezone

from campaigns.audiences.queries import EXPECTED_GAIN_ORDER, SAMPLE_LIMIT
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.queries.audiences import audience_lines, by_risk, in_scope
from campaigns.campaigns.queries.drawing import drawing_sql
from campaigns.outreach.models import ContactPolicy
from campaigns.outreach.queries import judged_requests, policy_parameters
from customers.profile.models import SubscriberProfile

# So many of the treated, drawn by a hash, are put to the gate; of more the answers are scaled up.
GATE_SAMPLE = 10_000
_CONTACT = """(
        SELECT f.customer_id, f.subscriber_id, %(channel)s::text AS channel, %(purpose)s::text AS purpose,
               ''::text AS source, ''::text AS order_no, %(by_risk)s AS by_risk, true AS holdable
    ) r"""
_FUNNEL = f"""
WITH {{ctes}},
asked AS MATERIALIZED (
    SELECT * FROM drawn WHERE NOT is_control ORDER BY hashint8(customer_id) LIMIT {GATE_SAMPLE}
),
answered AS (
    SELECT f.expected_gain, f.line_type, gate.reason
    FROM asked f CROSS JOIN LATERAL ({{judged}}) gate
)
SELECT (SELECT jsonb_build_object('lines', (SELECT count(*) FROM found), 'customers', count(*),
            'opted_out', count(*) FILTER (WHERE opted_out),
            'universal', count(*) FILTER (WHERE universal AND NOT opted_out),
            'elsewhere', count(*) FILTER (WHERE elsewhere AND NOT universal AND NOT opted_out)) FROM singles),
       (SELECT jsonb_build_object('control', count(*) FILTER (WHERE is_control),
            'treated', count(*) FILTER (WHERE NOT is_control), 'base_rate', avg(risk_probability)) FROM drawn),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(reason, line_type, n, gain)), '[]') FROM (
            SELECT reason, line_type, count(*) AS n, coalesce(sum(expected_gain), 0) AS gain
            FROM answered GROUP BY reason, line_type) g),
       (SELECT array(SELECT subscriber_id FROM drawn ORDER BY {EXPECTED_GAIN_ORDER} LIMIT {SAMPLE_LIMIT}))
"""


@dataclass(frozen=True)
class CampaignFunnel:
    """lines, matched: that the audience holds in the branch and anywhere, of `base` lines in the branch; the rest
    counts customers. refused: {RefusalReason: customers} of the treated; sampled: the gate was asked about a sample,
    and its answers are scaled up. contacts: {line type: customers} whom it lets contact; gain: of these, yuan, net of
    contact costs. base_rate: mean probability to leave of both arms, None without scores. samples: line ids."""

    as_of: date
    base: int = 0
    matched: int = 0
    lines: int = 0
    customers: int = 0
    opted_out: int = 0
    universal: int = 0
    elsewhere: int = 0
    control: int = 0
    treated: int = 0
    base_rate: float | None = None
    refused: Mapping[str, int] = field(default_factory=dict)
    contacts: Mapping[str, int] = field(default_factory=dict)
    gain: Decimal = Decimal(0)
    sampled: bool = False
    samples: tuple[int, ...] = ()

    @property
    def contacted(self) -> int:
        return sum(self.contacts.values())

    @property
    def members(self) -> int:
        return self.control + self.treated

    @property
    def share(self) -> float:
        """Of the base that the audience holds."""
        return self.lines / self.base if self.base else 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"as_of": self.as_of.isoformat(), "gain": str(self.gain), "samples": list(self.samples)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        given = {"as_of": date.fromisoformat(data["as_of"]), "gain": Decimal(data["gain"])}
        return cls(**{**data, **given, "samples": tuple(data["samples"])})


def campaign_funnel(campaign: Campaign, *, now: datetime) -> CampaignFunnel | None:
    """Of the campaign as it stands, saved or not; writes nothing. None while there is no profile. Raises Invalid."""
    as_of = SubscriberProfile.objects.newest_date()
    if as_of is None:
        return None
    part = drawing_sql(campaign, as_of=as_of, on=timezone.localtime(now).date())
    gate = policy_parameters(now, ContactPolicy.objects.current(), reserving=True)
    with connection.cursor() as cursor:
        asked = part.params | gate | {"channel": campaign.channel, "by_risk": by_risk(campaign)}
        cursor.execute(_FUNNEL.format(ctes=part.ctes, judged=judged_requests(_CONTACT)), asked)
        left_out, drawn, answers, samples = cursor.fetchone()
    counts = json.loads(left_out) | json.loads(drawn)
    everywhere = audience_lines(campaign)
    return CampaignFunnel(
        as_of=as_of,
        base=in_scope(campaign, everywhere.model.objects.all()).count(),
        matched=counts["lines"] if campaign.branch is None else everywhere.filter(as_of=as_of).count(),
        samples=tuple(samples),
        **counts,
        **_answers(json.loads(answers), counts["treated"]),
    )


def _answers(rows: list[tuple[str, str, int, float]], treated: int) -> dict[str, Any]:
    """What the gate says, scaled up from those whom it was asked about."""
    asked = sum(number for _reason, _kind, number, _gain in rows)
    factor = treated / asked if asked else 1.0
    refused: dict[str, int] = {}
    contacts: dict[str, int] = {}
    gain = Decimal(0)
    for reason, line_type, number, worth in rows:
        counted, key = (refused, reason) if reason else (contacts, line_type)
        counted[key] = counted.get(key, 0) + round(number * factor)
        if not reason:
            gain += Decimal(str(worth)) * Decimal(str(factor))
    return {
        "refused": refused, "contacts": contacts, "gain": gain.quantize(Decimal("0.01")), "sampled": asked < treated,
    }  # fmt: skip
