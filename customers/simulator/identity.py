"""The numbers by which customers, accounts, subscribers, groups and papers are known."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customers.simulator.lines import Lines
from customers.simulator.names import phone_numbers


def numbered(prefix: str, index: np.ndarray, width: int = 9) -> pa.Array:
    """prefix + zero-padded (index + 1)."""
    digits = pc.utf8_lpad(pa.array(index.astype(np.int64) + 1).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


@dataclass(frozen=True)
class Identity:
    """Natural keys as Arrow strings, made once."""

    subscriber: pa.Array
    account: pa.Array
    customer: pa.Array
    phone: pa.Array

    @classmethod
    def of(cls, lines: Lines) -> "Identity":
        return cls(
            subscriber=numbered("S", np.arange(len(lines))),
            account=numbered("A", np.arange(lines.accounts)),
            customer=numbered("C", np.arange(int(lines.customer[-1]) + 1)),
            phone=phone_numbers(len(lines)),
        )

    def subscribers(self, block: slice, keep: np.ndarray) -> pa.Array:
        """Subscriber numbers of the kept rows of a block (no copy when all are kept)."""
        whole = self.subscriber.slice(block.start, block.stop - block.start)
        return whole if len(keep) == len(whole) else whole.take(pa.array(keep))

    def lines(self, index: np.ndarray) -> pa.Array:
        return self.subscriber.take(pa.array(index))
