"""Supervisors' actions: on chosen orders (`moving`), on very many in the background (`running`)."""

from workorders.supervision.services.moving import (
    MAX_ORDERS,
    BulkResult,
    agents_under,
    cancel,
    raise_number_limit,
    reassign,
    take_back,
    teams_under,
)

__all__ = [
    "MAX_ORDERS",
    "BulkResult",
    "agents_under",
    "cancel",
    "raise_number_limit",
    "reassign",
    "take_back",
    "teams_under",
]
