"""The law of a score sheet: its criteria, and the total of the scores given. Pure.

criteria: [{"key", "kind", "label", "label_zh", "weight", "most"}]. points: a score from 0 to `most`. yes_no: 1 for yes.
fatal: 1 for passed; one that failed makes the total 0, whatever the others say, and has no weight of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core.db.models import pick
from retention.core.errors import Invalid

MOST_CRITERIA, MOST_POINTS, MOST_WEIGHT = 15, 100, 100
_KEY = re.compile(r"[a-z0-9_]{1,32}")


class Kind(TextChoices):
    POINTS = "points", gettext_lazy("Points from 0")
    YES_NO = "yes_no", gettext_lazy("Yes or no")
    FATAL = "fatal", gettext_lazy("Fatal when failed")


@dataclass(frozen=True)
class Criterion:
    key: str
    kind: Kind
    label: str
    label_zh: str = ""
    weight: int = 1
    most: int = 1

    @property
    def title(self) -> str:
        return pick(self.label, self.label_zh)

    @property
    def scores(self) -> range:
        """The scores it may be given."""
        return range(self.most + 1)

    def share(self, score: int) -> float:
        return score / self.most


@dataclass(frozen=True)
class Result:
    """total: share of the weighted points, 0 when something fatal failed."""

    total: float
    is_fatal: bool


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """The criteria of a sheet. Invalid names the row (from 1) and the field."""
    found: list[Criterion] = []
    for place, one in enumerate(stored, 1):
        kind = str(one.get("kind", ""))
        if kind not in Kind.values:
            raise _invalid(place, "kind", _("There is no such kind of criterion."))
        key, label = str(one.get("key", "")), str(one.get("label", "")).strip()
        if not _KEY.fullmatch(key) or key in {other.key for other in found}:
            raise _invalid(place, "key", _("Each criterion has a key of its own."))
        if not label:
            raise _invalid(place, "label", _("Say what is judged."))
        weight = 0 if kind == Kind.FATAL else _number(one.get("weight", 1), place, "weight", MOST_WEIGHT)
        most = _number(one.get("most", 1), place, "most", MOST_POINTS) if kind == Kind.POINTS else 1
        found.append(Criterion(key, Kind(kind), label, str(one.get("label_zh", "")).strip(), weight, most))
    if len(found) > MOST_CRITERIA:
        raise _invalid(len(found), "criteria", _("At most %(most)d criteria.") % {"most": MOST_CRITERIA})
    return tuple(found)


def require_weights(criteria: Sequence[Criterion]) -> None:
    """Invalid unless a total can be made of them."""
    if not any(one.weight for one in criteria):
        raise Invalid(_("At least one criterion must give points."), code="no_weights")


def evaluate(criteria: Sequence[Criterion], given: Mapping[str, int | None]) -> Result:
    """given: {key: score, None where it does not apply}. Invalid for a score missing, out of reach, or for none."""
    details = []
    for one in criteria:
        if one.key not in given:
            details.append(_detail(one, "required", _("Give a score, or say that it does not apply.")))
        elif (score := given[one.key]) is not None and score not in one.scores:
            text = _("The score lies between 0 and %(most)d.") % {"most": one.most}
            details.append(_detail(one, "out_of_range", text))
    if details:
        raise Invalid(_("Some criteria have no valid score."), code="bad_scores", details=details)
    weighted = [(one, score) for one in criteria if one.weight and (score := given[one.key]) is not None]
    if not weighted:
        raise Invalid(_("At least one criterion must be scored."), code="nothing_scored")
    is_fatal = any(one.kind == Kind.FATAL and given[one.key] == 0 for one in criteria)
    total = sum(one.weight * one.share(score) for one, score in weighted) / sum(one.weight for one, _score in weighted)
    return Result(0.0 if is_fatal else total, is_fatal)


def _number(value: Any, place: int, field: str, most: int) -> int:
    if not isinstance(value, int) or not 1 <= value <= most:
        raise _invalid(place, field, _("A whole number from 1 to %(most)d.") % {"most": most})
    return value


def _detail(one: Criterion, code: str, message: str) -> dict[str, str]:
    return {"field": one.key, "code": code, "message": message}


def _invalid(row: int, field: str, message: str) -> Invalid:
    text = _("Criterion %(row)d: %(message)s") % {"row": row, "message": message}
    details = [{"row": row, "field": field, "code": "bad", "message": text}]
    return Invalid(text, code="bad_criteria", details=details)
