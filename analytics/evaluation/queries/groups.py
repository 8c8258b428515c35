"""Both arms by group, of groups to which members belonged before anybody was contacted."""

from collections.abc import Mapping
from enum import StrEnum

from analytics.evaluation.queries.members import VERDICT_DAYS, Followed
from analytics.evaluation.queries.outcomes import Pair
from analytics.evaluation.rules.arms import Arm
from campaigns.offers.models import Offer
from retention.core.accounts.models import Branch, Team
from workorders.orders.models import WorkOrder


class Dimension(StrEnum):
    """BRANCH: those right below the person's own, each with all below it. TEAM: the group that works most of the orders
    of the member's branch, so that the control belongs to one too. OFFER: drawn for the treated alone, so that each
    offer is compared with the whole control."""

    BRANCH = "branch"
    SEGMENT = "segment"
    RISK = "risk"
    TEAM = "team"
    OFFER = "offer"


_KEYS: Mapping[Dimension, str] = {
    Dimension.BRANCH: "branch_id::text",
    Dimension.SEGMENT: "nullif(segment, '')",
    Dimension.RISK: (
        "CASE WHEN risk_decile <= 3 THEN '1' WHEN risk_decile <= 7 THEN '2' WHEN risk_decile > 7 THEN '3' END"
    ),
    Dimension.OFFER: "CASE WHEN treated THEN nullif(offer_code, '') ELSE '' END",
    Dimension.TEAM: "worked.team_id::text",
}
# Joined once: looked up member by member, it would be counted anew for each of them.
_WORKED = f"""
, worked AS MATERIALIZED (
    SELECT f.branch_id, mode() WITHIN GROUP (ORDER BY o.team_id) AS team_id
    FROM followed f JOIN {WorkOrder._meta.db_table} o ON o.order_no = f.order_no
    WHERE f.order_no <> '' AND o.team_id IS NOT NULL GROUP BY f.branch_id
)"""
# Groups that are shown: the largest.
MOST_GROUPS = 20


def arms_by_group(seen: Followed, dimension: Dimension) -> dict[str, Pair]:
    """{key: (treated, control)} of the largest groups: members so far, and who left by choice of them."""
    worked, lookup = (_WORKED, "LEFT JOIN worked USING (branch_id)") if dimension == Dimension.TEAM else ("", "")
    rows = seen.rows(
        "WITH {followed}" + worked + f" SELECT {_KEYS[dimension]} AS key, treated, count(*),"
        f" count(*) FILTER (WHERE left_after <= %(most)s) FROM followed {lookup} GROUP BY 1, treated",
        most=VERDICT_DAYS,
    )
    found: dict[str, dict[bool, Arm]] = {}
    areas = _areas(seen) if dimension == Dimension.BRANCH else {}
    for key, treated, members, left in rows:
        if key is not None:
            arms = found.setdefault(areas.get(key, key), {True: Arm(), False: Arm()})
            arms[treated] = Arm(arms[treated].members + members, arms[treated].events + left)
    if dimension == Dimension.OFFER:
        whole = found.pop("", {False: Arm()})[False]
        for arms in found.values():
            arms[False] = whole
    pairs = {key: (arms[True], arms[False]) for key, arms in found.items()}
    largest = sorted(pairs, key=lambda key: (-sum(arm.members for arm in pairs[key]), key))[:MOST_GROUPS]
    return {key: pairs[key] for key in largest}


def _areas(seen: Followed) -> dict[str, str]:
    """{id of a branch: id of the one right below the person's own that holds it}."""
    if seen.user is None:
        return {}
    return {str(pk): str(area.pk) for pk, area in Branch.objects.areas_of(seen.user).items()}


def group_names(dimension: Dimension, keys: list[str]) -> dict[str, str]:
    """Names of branches, agent groups and offers; others are named by `text`."""
    numbers = [int(key) for key in keys] if dimension in (Dimension.BRANCH, Dimension.TEAM) else []
    if dimension == Dimension.BRANCH:
        return {str(row.pk): str(row) for row in Branch.objects.filter(pk__in=numbers)}
    if dimension == Dimension.TEAM:
        return {str(row.pk): str(row) for row in Team.objects.filter(pk__in=numbers)}
    if dimension == Dimension.OFFER:
        return {row.code: row.title for row in Offer.objects.filter(code__in=keys)}
    return {}
