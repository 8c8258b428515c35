"""A growing log of dated happenings, kept as columns."""

import numpy as np


class Journal:
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
