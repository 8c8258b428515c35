"""What the core lists but the apps above it own: audit actions, job labels, API scopes and tags, events, lock numbers.

The core holds the registries, empty but for its own entries. Each app has a module `declarations`, imported by its
`AppConfig.ready()`, that declares the app's entries.
"""

from typing import TypeVar

Key = TypeVar("Key", str, int)
Value = TypeVar("Value")


class Registry(dict[Key, Value]):
    """Entries by name or number, in order of declaration. what: the kind of entry, in English, for the error."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def declare(self, key: Key, value: Value) -> Key:
        """Add an entry; returns its key, which may be kept as a constant. ValueError when it is declared already."""
        if key in self:
            raise ValueError(f"{self._what} {key!r} is declared twice")
        self[key] = value
        return key
