"""The order types and dispositions that ship. Data only; order_types.services.install_order_types() writes them.

A change to a type that is in use needs a new version number here: running orders keep the version they started with.
"""

from copy import deepcopy
from typing import Any

from workorders.order_types.defaults.complaints import COMPLAINTS
from workorders.order_types.defaults.dispositions import DISPOSITIONS, HEADINGS
from workorders.order_types.defaults.faults import FAULTS
from workorders.order_types.defaults.retention import RETENTION
from workorders.order_types.defaults.visits import VISITS
from workorders.order_types.stages import DEFAULT_MOVES, DEFAULT_STAGES


def _with_stages(values: dict[str, Any]) -> dict[str, Any]:
    """The type with the usual life where it names no stages; what it says of one of the usual moves is added there."""
    if "stages" in values:
        return values
    own = {one["key"]: one for one in values.get("moves", ())}
    moves = [one | own.get(one["key"], {}) for one in DEFAULT_MOVES]
    return deepcopy(values | {"stages": DEFAULT_STAGES, "moves": moves})


ORDER_TYPES = [_with_stages(one) for one in (*RETENTION, *VISITS, *FAULTS, *COMPLAINTS)]

__all__ = ["DISPOSITIONS", "HEADINGS", "ORDER_TYPES"]
