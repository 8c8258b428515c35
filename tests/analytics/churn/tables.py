"""Small synthetic tables with known causes."""

import numpy as np
import pandas as pd


def operator(rows: int = 800, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """Typed columns of every kind; leaving depends on tenure, plan and the share of calls that drop."""
    random = np.random.default_rng(seed)
    tenure = random.integers(1, 72, rows).astype(float)
    plan = random.choice(["monthly", "one year", "two years"], rows, p=[0.5, 0.3, 0.2])
    calls, dropped = random.gamma(2, 50, rows), random.gamma(2, 3, rows)
    joined = pd.Timestamp("2024-01-01") - pd.to_timedelta(tenure * 30, unit="D")
    log_odds = -0.3 - 0.04 * tenure + 1.2 * (plan == "monthly") + 8 * dropped / (calls + 20)
    label = (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float)
    frame = pd.DataFrame(
        {
            "tenure": np.where(random.random(rows) < 0.05, np.nan, tenure),
            "plan": plan,
            "calls": calls.round(2),
            "dropped": dropped.round(2),
            "city": random.choice([f"city {number}" for number in range(30)], rows),
            "joined": joined.strftime("%Y-%m-%d"),
            "noise": random.normal(size=rows),
        }
    )
    return frame, label


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """As read from a CSV file."""
    return frame.apply(lambda column: column.astype("str").mask(column.isna()))


def as_file(path, frame: pd.DataFrame, label: np.ndarray):
    """The table with its outcome in the column `left` (yes, no), as CSV."""
    frame.assign(left=np.where(label == 1, "yes", "no")).to_csv(path, index=False)
    return path
