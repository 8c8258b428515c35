"""The articles that ship: written by an experienced hand, but read only once a manager has approved them. Data only."""

from workorders.knowledge.defaults.articles import ARTICLES as PLAIN_ARTICLES
from workorders.knowledge.defaults.hints import HINTS
from workorders.knowledge.defaults.leaving import LEAVING
from workorders.knowledge.defaults.money import MONEY
from workorders.knowledge.defaults.service import SERVICE

ARTICLES = (*MONEY, *LEAVING, *SERVICE, *PLAIN_ARTICLES, *HINTS)
