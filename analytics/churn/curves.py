"""What the model monitor draws, worked out once at training from the judged rows."""

import numpy as np

POINTS = 20


def curves(label: np.ndarray, probability: np.ndarray) -> dict:
    """gain: [(share of the list, share of the leavers)]; calibration: [(said, true, rows)]; lift: [by decile]."""
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(label[order])
    places = np.unique((np.linspace(0, 1, POINTS + 1)[1:] * len(label)).astype(int))
    places = places[places > 0]
    leavers = max(hits[-1], 1)
    parts = np.array_split(order, 10)
    rate = max(float(label.mean()), 1e-12)
    return {
        "gain": [
            [0.0, 0.0],
            *([round(place / len(label), 4), round(float(hits[place - 1] / leavers), 4)] for place in places),
        ],
        "calibration": [
            [round(float(probability[part].mean()), 5), round(float(label[part].mean()), 5), len(part)]
            for part in parts[::-1]
            if len(part)
        ],
        "lift": [round(float(label[part].mean()) / rate, 3) for part in parts if len(part)],
    }
