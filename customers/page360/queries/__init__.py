"""The 360 page 用户全息视图: plain data of each section for the templates. One module per section."""

from customers.page360.queries.credit import CreditStanding, credit_of
from customers.page360.queries.head import cards, notices
from customers.page360.queries.history import Ticket, tickets, timeline
from customers.page360.queries.holdings import contracts, lists_of, points_of, products, terminals
from customers.page360.queries.identity import (
    attributes,
    customer_facts,
    group_summary,
    line_facts,
    other_lines,
    type_facts,
)
from customers.page360.queries.money import bill_rows, bills_of, spend_chart, spent_by_month, topup_chart, topups_of
from customers.page360.queries.risk import RiskHistory, risk_history
from customers.page360.queries.usage import usage_charts

__all__ = [
    "CreditStanding",
    "RiskHistory",
    "Ticket",
    "attributes",
    "bill_rows",
    "bills_of",
    "cards",
    "contracts",
    "credit_of",
    "group_summary",
    "customer_facts",
    "line_facts",
    "lists_of",
    "notices",
    "other_lines",
    "points_of",
    "products",
    "risk_history",
    "spend_chart",
    "spent_by_month",
    "terminals",
    "tickets",
    "timeline",
    "topup_chart",
    "topups_of",
    "type_facts",
    "usage_charts",
]
