"""Members of the control who were contacted after all."""

from dataclasses import dataclass

from analytics.evaluation.queries.members import VERDICT_DAYS, Followed
from campaigns.outreach.models import Contamination
from customers.contacts.models import ContactRecord

_CONTACTED = f"""
WITH {{followed}}, touched AS (
    SELECT f.id, c.source, c.id AS contact
    FROM followed f JOIN {ContactRecord._meta.db_table} c ON c.customer_id = f.customer_id
    WHERE NOT f.treated AND c.state = '{ContactRecord.State.USED}'
      AND c.at >= f."on"::timestamp AT TIME ZONE %(zone)s
      AND c.at < (f."on" + %(most)s + 1)::timestamp AT TIME ZONE %(zone)s
)
SELECT source, count(DISTINCT id), count(*) FROM touched GROUP BY source
UNION ALL SELECT NULL, count(DISTINCT id), count(*) FROM touched
"""
_PLANNED = f"""
WITH {{followed}}
SELECT count(DISTINCT f.id) FROM followed f JOIN {Contamination._meta.db_table} x ON x.customer_id = f.customer_id
WHERE NOT f.treated AND x.origin = %(origin)s
"""


@dataclass(frozen=True)
class Contacted:
    """members: of the control contacted within the days of the verdict, by whomever; by_source: [(source as the contact
    ledger names it, members, contacts)], most first; by_hand: members with whom somebody planned a contact in spite of
    the hold-out.
    """

    members: int
    by_source: list[tuple[str, int, int]]
    by_hand: int


def contacted_controls(seen: Followed) -> Contacted:
    rows = seen.rows(_CONTACTED, most=VERDICT_DAYS)
    whole = sum(members for source, members, _contacts in rows if source is None)
    ((by_hand,),) = seen.rows(_PLANNED, origin=f"campaign:{seen.campaign.code}")
    sources = [(source, members, contacts) for source, members, contacts in rows if source is not None]
    return Contacted(whole, sorted(sources, key=lambda row: (-row[1], row[0])), by_hand)
