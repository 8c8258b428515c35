"""A synthetic operator with known causes of churn, as tables of facts in loading order.

`simulate_operator(Spec(...))` yields (resource, Arrow table); nothing here touches the database.
"""

from retention.simulator.identity import line_indexes
from retention.simulator.parameters import DEFAULT_SEED, Spec
from retention.simulator.rules.treatments import Treatment
from retention.simulator.schema import COLUMNS, LOADING_ORDER, Piece
from retention.simulator.services import simulate_beginning, simulate_operator

__all__ = [
    "COLUMNS", "DEFAULT_SEED", "LOADING_ORDER", "Piece", "Spec", "Treatment", "line_indexes", "simulate_beginning",
    "simulate_operator",
]  # fmt: skip
