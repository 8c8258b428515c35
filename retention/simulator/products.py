"""Value-added products each line takes, and gives up when it leans towards leaving."""

import numpy as np

from retention.simulator.catalogue import MOBILE, PRODUCT_WEIGHTS
from retention.simulator.history import ProductSlots
from retention.simulator.lines import NEVER, Lines
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.spec import Spec

SLOTS = 3


class Products:
    """The product slots of every line while the months go by."""

    def __init__(self, spec: Spec, lines: Lines) -> None:
        self._spec = spec
        size = len(lines)
        self.slots = ProductSlots(
            np.full((SLOTS, size), -1, dtype=np.int8),
            np.full((SLOTS, size), NEVER, dtype=np.int32),
            np.full((SLOTS, size), NEVER, dtype=np.int32),
        )
        for slot, share in enumerate((0.55, 0.28, 0.12)):
            rng = stream(spec.seed, "products", slot)
            takes = (lines.line_type == MOBILE) & (uniform(rng, size) < share)
            self.slots.product[slot] = np.where(takes, pick(rng, size, PRODUCT_WEIGHTS), -1)
            span = np.maximum(spec.timeline.until - lines.activated, 0)
            after = np.where(uniform(rng, size) < 0.4, 0.0, uniform(rng, size)) * span
            self.slots.starts_on[slot] = np.where(takes, lines.activated + after.astype(np.int32), NEVER)
        self._drop_doubles()

    def _drop_doubles(self) -> None:
        product = self.slots.product
        product[1][product[1] == product[0]] = -1
        product[2][(product[2] == product[0]) | (product[2] == product[1])] = -1

    def step(self, month: int, leaning: np.ndarray) -> None:
        """Some give a product up in `month`, leaners far more often."""
        timeline = self._spec.timeline
        rng = stream(self._spec.seed, "products", "step", month)
        for slot in range(SLOTS):
            size = len(leaning)
            day = timeline.start(month) + (timeline.length(month) * uniform(rng, size)).astype(np.int32)
            running = (self.slots.product[slot] >= 0) & (self.slots.ends_on[slot] == NEVER)
            running &= self.slots.starts_on[slot] < day
            stops = running & (uniform(rng, size) < np.where(leaning, 0.13, 0.014))
            self.slots.ends_on[slot][stops] = day[stops]
