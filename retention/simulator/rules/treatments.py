"""What a contact or an offer changes in the life of lines: whom it keeps. Without a treatment nothing is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retention.simulator.defaults import causes
from retention.simulator.parameters import Spec
from retention.simulator.randomness import stream, uniform

# For so many days a treatment acts.
LASTS_DAYS = 120


@dataclass(frozen=True)
class Treatment:
    """Lines (indexes) that somebody reached on a day (day number), with an offer or only words. strength: 1 is the
    answer of causes.CONTACT and causes.OFFER, 2 that of two such contacts."""

    day: int
    lines: np.ndarray
    offer: bool = True
    strength: float = 1.0


class Treatments:
    """By line, the day of its treatment and the share of would-be leavers of each cause whom it keeps."""

    def __init__(self, spec: Spec, size: int, treatments: Sequence[Treatment]) -> None:
        self._spec, self._any = spec, bool(treatments)
        self._day = np.full(size if treatments else 0, np.iinfo(np.int32).max, dtype=np.int32)
        self._loses = np.ones((len(causes.CAUSES), size if treatments else 0), dtype=np.float32)
        for one in treatments:
            self._day[one.lines] = one.day
            answer = causes.OFFER if one.offer else causes.CONTACT
            self._loses[:, one.lines] = (answer**one.strength)[:, None]

    def kept(self, month: int, where: np.ndarray, day: np.ndarray, cause: np.ndarray) -> np.ndarray:
        """Which of the lines `where`, about to leave on `day` for `cause`, stay because of their treatment."""
        if not self._any:
            return np.zeros(len(where), dtype=bool)
        after = day - self._day[where].astype(np.int64)
        acts = (after > 0) & (after <= LASTS_DAYS)
        draw = uniform(stream(self._spec.seed, "treated", month), self._loses.shape[1])[where]
        return acts & (draw >= self._loses[cause, where])
