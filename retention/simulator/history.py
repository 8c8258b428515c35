"""Result of the month-by-month simulation: compact arrays (month, line) and a growing log of dated events."""

from dataclasses import dataclass

import numpy as np

from retention.simulator.defaults.places import Climate, Places
from retention.simulator.lines import NEVER, Lines
from retention.simulator.parameters import Spec
from retention.simulator.parties import People


class EventLog:
    """Append arrays of equal length under fixed column names; read them back joined."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self._parts: dict[str, list[np.ndarray]] = {name: [] for name in names}

    def append(self, line: np.ndarray, **columns: np.ndarray | int) -> None:
        """Adds one entry per line; a plain number stands for the same value in every entry."""
        columns["line"] = line
        for name in self._names:
            value = columns.get(name, 0)
            part = value if isinstance(value, np.ndarray) else np.full(len(line), value)
            self._parts[name].append(part.astype(np.int32, copy=False))

    def columns(self) -> dict[str, np.ndarray]:
        return {
            name: np.concatenate(parts) if parts else np.empty(0, dtype=np.int32) for name, parts in self._parts.items()
        }


FORWARDING, RIVAL_HOTLINE = 1, 2  # bits of History.signals


@dataclass
class History:
    """Months by timeline index. `hazard` is the true churn probability by choice during the month, `foreseen` the same
    as it stood before the month began, when it was not yet drawn which firms a rival would win."""

    activity: np.ndarray  # float16, 1 = the line's ordinary use
    outward: np.ndarray  # float16, extra factor on outgoing use
    stage: np.ndarray  # uint8, months of leaning, 0 for a content line
    cause: np.ndarray  # uint8, cause of leaning
    plan: np.ndarray  # uint8
    discount: np.ndarray  # uint8, yuan of contract discount
    signals: np.ndarray  # uint8 bits
    stop_from: np.ndarray  # uint8 day of month, 0 for none
    stop_to: np.ndarray
    hazard: np.ndarray  # float32
    foreseen: np.ndarray  # float32
    main_cause: np.ndarray  # uint8, cause a leaver would have in the month

    @classmethod
    def empty(cls, months: int, lines: int) -> "History":
        kinds = {"activity": np.float16, "outward": np.float16, "hazard": np.float32, "foreseen": np.float32}
        names = cls.__dataclass_fields__
        return cls(**{name: np.zeros((months, lines), dtype=kinds.get(name, np.uint8)) for name in names})

    def forget_chances(self) -> None:
        """Free the arrays that only the truth files need."""
        self.hazard = self.foreseen = self.main_cause = np.empty((0, 0))


@dataclass
class Departures:
    """How and when each line ends, beyond `until` too; NEVER where it does not."""

    left_on: np.ndarray  # by choice: port-out, termination, or first silent day
    cause: np.ndarray  # true cause of leaving by choice
    exit: np.ndarray  # index into causes.EXITS
    gone_on: np.ndarray  # formal termination of any kind
    quiet_from: np.ndarray  # first day without use

    @classmethod
    def open(cls, lines: int) -> "Departures":
        never = np.full(lines, NEVER, dtype=np.int32)
        none = np.zeros(lines, dtype=np.uint8)
        return cls(never.copy(), none.copy(), none.copy(), never.copy(), never.copy())


@dataclass
class ProductSlots:
    """Up to three value-added products per line, (slot, line); product -1 for an empty slot."""

    product: np.ndarray
    starts_on: np.ndarray
    ends_on: np.ndarray  # NEVER while it runs


@dataclass
class World:
    """The whole simulated operator, hidden truth included."""

    spec: Spec
    places: Places
    climate: Climate
    people: People
    lines: Lines
    history: History
    departures: Departures
    plan_now: np.ndarray
    events: EventLog
    contacts: EventLog
    contracts: EventLog
    stops: EventLog
    products: ProductSlots
