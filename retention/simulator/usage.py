"""Plan and ordinary monthly use of each line."""

import numpy as np

from retention.simulator.defaults.catalogue import (
    BROADBAND,
    DATA_MB,
    FIXED,
    IPTV,
    MINUTES,
    MOBILE,
    PLAN_INDEX,
    SMS,
    WIRELESS,
)
from retention.simulator.parties import AGENT_STORE, CAMPUS, ONLINE, TELESALES
from retention.simulator.randomness import lognormal, normal, uniform


def choose_plans(
    rng: np.random.Generator, line_type: np.ndarray, company: np.ndarray, age: np.ndarray, channel: np.ndarray,
    prepaid: np.ndarray, bundled: np.ndarray, score: np.ndarray,
) -> np.ndarray:  # fmt: skip
    size = len(line_type)
    need = score + 0.5 * normal(rng, size) - np.where(prepaid, 0.75, 0) + np.where(company, 0.5, 0)
    need -= np.where(age > 60, 0.6, 0)

    def ladder(codes: tuple[str, ...], *edges: float) -> np.ndarray:
        return np.array([PLAN_INDEX[code] for code in codes], dtype=np.uint8)[np.searchsorted(edges, need)]

    plan = ladder(
        ("M008", "M019", "M029", "M039", "M059", "M079", "M099", "M129", "M199", "M299"),
        -1.75, -0.9, -0.35, 0.2, 0.75, 1.2, 1.6, 2.15, 2.8,
    )  # fmt: skip
    old = (uniform(rng, size) < 0.05) & (age > 35)
    plan = np.where(old, PLAN_INDEX["L035"], plan)
    plan = np.where(channel == CAMPUS, ladder(("Y019", "Y039"), 0.2), plan)
    plan = np.where(company, ladder(("E049", "E089", "E159"), 0.7, 1.9), plan)
    plan = np.where(bundled, ladder(("R129", "R169", "R239"), 0.8, 1.8), plan)
    broadband = np.where(bundled, PLAN_INDEX["BR300"], ladder(("B100", "B300", "B1000"), -0.1, 1.1))
    plan = np.where(line_type == BROADBAND, broadband, plan)
    plan = np.where(line_type == FIXED, ladder(("F020", "F035"), 0.6), plan)
    plan = np.where(line_type == IPTV, ladder(("I020", "I030"), 0.4), plan)
    return np.where(line_type == WIRELESS, ladder(("W015", "W025"), 0.5), plan).astype(np.uint8)


def promotions(rng: np.random.Generator, channel: np.ndarray, mobile: np.ndarray) -> np.ndarray:
    """0 none, 1 first months free, 2 gift on joining: sold most by stores, telephone and online."""
    pushy = np.isin(channel, (AGENT_STORE, TELESALES, ONLINE))
    draw = uniform(rng, len(channel))
    free = draw < np.where(pushy, 0.42, 0.1)
    gift = ~free & (draw < np.where(pushy, 0.62, 0.25))
    return np.where(mobile, free * 1 + gift * 2, 0).astype(np.uint8)


def ordinary_use(
    rng: np.random.Generator, line_type: np.ndarray, plan: np.ndarray, age: np.ndarray, migrant: np.ndarray
) -> dict[str, np.ndarray]:
    """Ordinary use per month; people choose a plan near what they need, some of them badly."""
    size = len(line_type)
    mobile = line_type == MOBILE
    voice_like = mobile | (line_type == FIXED) | (line_type == WIRELESS)
    voice = (20 + MINUTES[plan]) * 60 * np.exp(-0.85 + 0.75 * normal(rng, size)) * voice_like
    data = (200 + DATA_MB[plan]) * np.exp(-0.45 + 0.6 * normal(rng, size))
    offline = (uniform(rng, size) < np.where(age > 58, 0.3, 0.015)) & mobile
    data = np.where(line_type == BROADBAND, 120_000 * lognormal(rng, size, 0.7), np.where(mobile, data, 0))
    data = np.where(line_type == IPTV, 60_000 * lognormal(rng, size, 0.8), data)
    trips = np.where(migrant, 0.16, 0.03) * lognormal(rng, size, 0.8)
    return {
        "voice_out": voice.astype(np.float32),
        "voice_in": (voice * lognormal(rng, size, 0.35) * 1.05).astype(np.float32),
        "data": np.where(offline, 0, data).astype(np.float32),
        "sms": ((3 + 0.15 * SMS[plan]) * lognormal(rng, size, 0.8) * mobile).astype(np.float32),
        "call_length": 75 * lognormal(rng, size, 0.3),
        "regularity": 1 - 0.45 * uniform(rng, size) ** 3,
        "roamer": np.where(mobile, np.minimum(trips, 0.6), 0).astype(np.float32),
    }
