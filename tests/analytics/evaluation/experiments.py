"""Small randomised tables with known effects."""

import numpy as np
import pandas as pd


def experiment(rows: int = 4_000, *, effect: float = 0.06, seed: int = 1) -> pd.DataFrame:
    """Columns arm (control, called), left (0, 1), spend, before (known before, explains half of spend), city, line."""
    random = np.random.default_rng(seed)
    called = random.random(rows) < 0.5
    before = random.gamma(2, 20, rows)
    left = random.random(rows) < np.where(called, 0.2 - effect, 0.2)
    spend = before + random.gamma(2, 20, rows) + np.where(called, 4.0, 0.0)
    return pd.DataFrame(
        {
            "arm": np.where(called, "called", "control"),
            "left": left.astype(int),
            "spend": spend.round(2),
            "before": before.round(2),
            "city": random.choice(["a", "b", "c"], rows),
            "line": [f"L{number:06d}" for number in range(rows)],
        }
    )


def swayed(rows: int = 12_000, seed: int = 2) -> pd.DataFrame:
    """Treatment helps where x is above 0 and does harm below; who buys anyway hangs on z, which tells nothing of it."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=rows), random.normal(size=rows)
    treated = random.random(rows) < 0.5
    chance = 1 / (1 + np.exp(-(-1.5 + 0.8 * z + np.where(treated, 0.7 * x, 0.0))))
    return pd.DataFrame(
        {
            "arm": treated.astype(int),
            "bought": (random.random(rows) < chance).astype(int),
            "x": x.round(5),
            "z": z.round(5),
        }
    )
