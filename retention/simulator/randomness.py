"""Random streams that depend only on the seed and on their purpose.

Every part of the simulator has its own stream, so adding a draw in one place does not change the
others, and a month or block of subscribers can be generated again instead of being kept in memory.
"""

import zlib
from collections.abc import Sequence

import numpy as np

Tag = str | int


def stream(seed: int, *tags: Tag) -> np.random.Generator:
    """A generator for one purpose: `stream(seed, "usage", month, block)`."""
    words = [seed] + [zlib.crc32(tag.encode()) if isinstance(tag, str) else int(tag) for tag in tags]
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(words)))


def uniform(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.random(size, dtype=np.float32)


def normal(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.standard_normal(size, dtype=np.float32)


def lognormal(rng: np.random.Generator, size: int, spread: float) -> np.ndarray:
    """Positive noise with median 1 and the given spread of its logarithm."""
    return np.exp(np.float32(spread) * normal(rng, size))


def mean_one(rng: np.random.Generator, size: int, spread: float) -> np.ndarray:
    """Positive noise with mean 1."""
    return lognormal(rng, size, spread) * np.float32(np.exp(-(spread**2) / 2))


def pick(rng: np.random.Generator, size: int, weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """Indexes drawn with the given weights (uint8 for up to 256 choices, else int32)."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    edges = (edges / edges[-1]).astype(np.float32)
    drawn = np.minimum(np.searchsorted(edges, uniform(rng, size), side="right"), len(edges) - 1)
    return drawn.astype(np.uint8 if len(edges) <= 256 else np.int32)


def whole(rng: np.random.Generator, expected: np.ndarray) -> np.ndarray:
    """Integers with the given expectation (cheap rounding up or down at random), int32."""
    return np.floor(expected + uniform(rng, len(expected))).astype(np.int32)


def scrambled(values: np.ndarray, key: int) -> np.ndarray:
    """A one-way looking 64-bit mix of integers (splitmix64), the same for the same key."""
    with np.errstate(over="ignore"):
        mixed = values.astype(np.uint64) + np.uint64((key * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))
