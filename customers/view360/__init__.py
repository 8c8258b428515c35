"""The 360 page 用户全息视图: what each section shows, as plain data for the templates. One module a section."""

from customers.view360.head import cards, notices
from customers.view360.history import Ticket, tickets, touches
from customers.view360.holdings import contracts, lists_of, points_of, products, terminals
from customers.view360.identity import attributes, identity, line_facts
from customers.view360.money import bill_rows, spend_chart
from customers.view360.related import group_summary, other_lines
from customers.view360.risk import RiskStory, risk_story
from customers.view360.usage import usage_charts

__all__ = [
    "RiskStory",
    "Ticket",
    "attributes",
    "bill_rows",
    "cards",
    "contracts",
    "group_summary",
    "identity",
    "line_facts",
    "lists_of",
    "notices",
    "other_lines",
    "points_of",
    "products",
    "risk_story",
    "spend_chart",
    "terminals",
    "tickets",
    "touches",
    "usage_charts",
]
