"""What a scenario would do tonight. Nothing is written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from campaigns.audiences.queries import SAMPLE_LIMIT, profiles_in_order
from campaigns.audiences.rules import parse, profiles_of
from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries.branch_numbers import rule_condition
from campaigns.scenarios.queries.funnels import Funnel, total
from campaigns.scenarios.queries.matching import GATE, asks_gate, in_scope, matching_sql
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User

# The gate is asked once more about those whom it refused, for the reason. Of several at one number all but the first
# are refused, though it would let each of them be called.
_REFUSED = f"""
    SELECT f.place, coalesce(nullif(gate.reason, ''), '{RefusalReason.ALREADY_RESERVED}') AS reason
    FROM (SELECT * FROM taken WHERE NOT held_out AND place NOT IN (SELECT place FROM callable)) f {GATE}
"""
_NOBODY_REFUSED = "SELECT NULL::bigint AS place, NULL::text AS reason WHERE false"
# Those who become hits, and those whom an earlier run of the same night has found.
NEW_STAGES = ("taken", "tonight")
_DRY_RUN_SQL = f"""
WITH {{ctes}},
refused AS ({{refused}}),
contacts AS (SELECT f.* FROM fresh f JOIN callable USING (place)),
counted AS (
    SELECT branch_id, CASE WHEN reason IS NULL THEN stage ELSE 'refused' END AS stage, reason, count(*) AS n
    FROM staged LEFT JOIN refused USING (place) GROUP BY 1, 2, 3
)
SELECT (SELECT count(*) FROM found),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(branch_id, n)), '[]')
        FROM (SELECT branch_id, count(*) AS n FROM found GROUP BY branch_id) b),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(branch_id, stage, reason, n)), '[]') FROM counted),
       (SELECT coalesce(sum(expected_gain), 0) FROM contacts),
       (SELECT coalesce(jsonb_object_agg(line_type, n), '{{{{}}}}') FROM (
            SELECT p.line_type, count(*) AS n
            FROM contacts JOIN {SubscriberProfile._meta.db_table} p USING (subscriber_id) GROUP BY p.line_type) t),
       (SELECT array(SELECT subscriber_id FROM contacts ORDER BY place LIMIT {SAMPLE_LIMIT}))
"""


@dataclass(frozen=True)
class DryRun:
    """The scenario's results on the night of `as_of`, over the lines that the person may see.

    matched: lines of whatever branch that the rule holds for; all else is of the scenario's branch. base: its lines.
    contacts: {line type: customers who would be contacted}; gain: expected of these, yuan, net of what contacting them
    costs. Some contacts are merged into the order of a more urgent scenario.
    """

    as_of: date
    base: int = 0
    matched: int = 0
    funnel: Funnel = field(default_factory=Funnel)
    by_branch: Mapping[int, Funnel] = field(default_factory=dict)
    contacts: Mapping[str, int] = field(default_factory=dict)
    gain: Decimal = Decimal(0)
    samples: list[SubscriberProfile] = field(default_factory=list)

    @property
    def found(self) -> int:
        return self.funnel.lines

    @property
    def new(self) -> int:
        return self.funnel.done["taken"]

    @property
    def share(self) -> float:
        """Of the base that the rule catches."""
        return self.found / self.base if self.base else 0.0


def dry_run(*, scenario: Scenario, user: User, now: datetime, rule: object = None) -> DryRun | None:
    """Play the scenario (saved or not; with `rule` in place of its own) on the profile as it stands, and write nothing.

    Counts only lines `user` may see. None while there is no profile. Raises Invalid.
    """
    tree = parse(scenario.rule if rule is None else rule)
    table = profiles_of(tree)
    as_of = table.objects.values_list("as_of", flat=True).first()
    if as_of is None:
        return None
    visible = table.objects.visible_to(user)
    part = matching_sql(scenario=scenario, tree=tree, as_of=as_of, now=now, lines=visible)
    refused = _REFUSED if asks_gate(scenario) else _NOBODY_REFUSED
    everywhere = visible.filter(rule_condition(scenario, tree), as_of=as_of)
    with connection.cursor() as cursor:
        cursor.execute(_DRY_RUN_SQL.format(ctes=part.ctes, refused=refused), part.params)
        found, lines, stages, gain, contacts, ids = cursor.fetchone()
    by_branch = _funnels(json.loads(lines), json.loads(stages))
    return DryRun(
        as_of=as_of,
        base=in_scope(scenario, visible).count(),
        matched=found if scenario.branch is None else everywhere.count(),
        funnel=total(by_branch),
        by_branch=by_branch,
        contacts=json.loads(contacts),
        gain=gain,
        samples=profiles_in_order(ids, table=table),
    )


def _funnels(lines: list[tuple[int, int]], stages: list[tuple[int, str, str | None, int]]) -> dict[int, Funnel]:
    by_branch = {branch: Funnel(found) for branch, found in lines}
    for branch, stage, reason, customers in stages:
        funnel = by_branch[branch]
        if reason:
            funnel.refuse(reason, customers)
        elif stage in NEW_STAGES:
            funnel.done[stage] += customers
        else:
            funnel.left_out[stage] += customers
    return by_branch
