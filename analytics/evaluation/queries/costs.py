"""What a campaign has cost, and what one who stays is worth. Yuan."""

from dataclasses import dataclass

import numpy as np

from analytics.evaluation.queries.members import Followed
from analytics.valuation.queries import contact_cost
from analytics.valuation.rules.economics import COHORTS, LINE_TYPES, Economics
from campaigns.offers.models import Decision
from campaigns.offers.states import State
from customers.contacts.models import ContactRecord
from customers.facts.models import Subscriber
from customers.fields.cohorts import cohort_sql

# Contacts that the campaign made: of its orders, or entered in the ledger under its name.
_CONTACTS = f"""
WITH {{followed}}
SELECT s.line_type, count(*)
FROM followed f
JOIN {ContactRecord._meta.db_table} c ON c.customer_id = f.customer_id AND c.state = '{ContactRecord.State.USED}'
 AND (c.source = %(source)s OR f.order_no <> '' AND c.order_no = f.order_no)
JOIN {Subscriber._meta.db_table} s ON s.id = f.subscriber_id
WHERE f.treated GROUP BY s.line_type
"""
_OFFERS = f"""
WITH {{followed}}
SELECT count(*), coalesce(sum(greatest((d.terms ->> 'cost')::numeric, 0)), 0)
FROM followed f JOIN {Decision._meta.db_table} d ON d.order_no = f.order_no
WHERE f.treated AND f.order_no <> '' AND d.state IN ('{State.ACCEPTED}', '{State.CONFIRMED}')
"""
_SPEND = f"""
WITH {{followed}}
SELECT s.line_type, {cohort_sql('(f."on" - s.activated_on)')}, count(*), coalesce(sum(f.arpu), 0)::float8
FROM followed f JOIN {Subscriber._meta.db_table} s ON s.id = f.subscriber_id
WHERE f.treated GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Costs:
    """contacts: made by the campaign; taken: offers accepted and not refused by billing; spent: on both, yuan; worth:
    lifetime margin of one member who stays, yuan.
    """

    contacts: int
    taken: int
    spent: float
    worth: float


def costs_of(seen: Followed) -> Costs:
    """A contact costs what the campaign says, else what the assumptions say of its line type. An offer for which the
    customer pays more costs nothing: what it brings shows in the spend, not as a negative cost. worth: the mean over
    the treated; who can be saved may be worth more or less than they are on average.
    """
    contacts = dict(seen.rows(_CONTACTS, source=f"campaign:{seen.campaign.code}"))
    made = sum(contacts.values())
    own = seen.campaign.contact_cost
    spent = float(own) * made if own is not None else float(contact_cost(contacts))
    ((taken, offered),) = seen.rows(_OFFERS)
    return Costs(made, taken, spent + float(offered), _worth(seen.rows(_SPEND)))


def _worth(rows: list[tuple]) -> float:
    economics = Economics.current()
    yuan = economics.margin[:, None] * economics.months
    lines = sum(row[2] for row in rows)
    values = [spend * yuan[LINE_TYPES.index(kind), COHORTS.index(cohort)] for kind, cohort, _lines, spend in rows]
    return float(np.sum(values)) / lines if lines else 0.0
