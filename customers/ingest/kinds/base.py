"""What a kind of value is."""

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from customers.ingest.values import Parsed, as_text, one_by_one


@dataclass(frozen=True)
class Kind:
    """How a field's values are read and stored. `sql`: the type in the staging table. `arrow`: what `read` makes."""

    sql: ClassVar[str] = "text"
    arrow: ClassVar[pa.DataType] = pa.string()
    name: ClassVar[str] = "text"

    def read(self, column: pa.Array) -> Parsed:
        """The column as values that the staging type takes without error; everything else is a fault."""
        text = as_text(column)
        try:
            return Parsed(self.at_once(text))
        except (pa.ArrowInvalid, ValueError):
            return one_by_one(text, self.one, self.arrow)

    def at_once(self, text: pa.Array) -> pa.Array:
        """The whole column in one go; ArrowInvalid or ValueError when some value does not read that way."""
        return text.cast(self.arrow)

    def one(self, text: str) -> object:
        """One value; BadValue when it cannot be read."""
        raise NotImplementedError

    def limits(self) -> dict[str, object]:
        """What a message or a form may say about this kind."""
        return {}

    def schema(self) -> dict[str, object]:
        """The kind as JSON Schema."""
        return {"type": "string"}
