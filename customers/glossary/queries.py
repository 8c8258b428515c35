"""Distributions as a person may see them: over their branches, and by the branches below."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from customers.glossary.models import FieldDistribution
from customers.glossary.rules import Scale
from retention.core.accounts.models import Branch, User

UNKNOWN = ""


@dataclass
class Spread:
    """The values of a field over some lines: {value as FieldDistribution keeps it: lines}."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def lines(self) -> int:
        return self.counts.total()

    @property
    def unknown(self) -> int:
        return self.counts[UNKNOWN]

    @property
    def known(self) -> dict[str, int]:
        return {value: lines for value, lines in self.counts.items() if value != UNKNOWN}

    @property
    def unknown_share(self) -> float | None:
        return self.unknown / self.lines if self.lines else None

    def most_frequent(self) -> tuple[str, float] | None:
        """The value with the most lines and its share of the lines whose value is known."""
        if not self.known:
            return None
        value = max(self.known, key=lambda one: (self.known[one], one))
        return value, self.known[value] / sum(self.known.values())

    def median_bin(self) -> int | None:
        """Of a number: the bin in which half of the known lines are reached."""
        seen, half = 0, sum(self.known.values()) / 2
        for place in sorted(int(one) for one in self.known):
            seen += self.known[str(place)]
            if seen >= half:
                return place
        return None


@dataclass(frozen=True)
class FieldValues:
    """as_of: the night. scale: of a number. whole: of all that the person may see; branches: of those below."""

    as_of: date
    scale: Scale | None
    whole: Spread
    branches: Sequence[tuple[str, Spread]]


def values_of(key: str, user: User) -> FieldValues | None:
    """None before the first night, and where the person may see no line. Two queries."""
    rows = list(FieldDistribution.objects.visible_to(user).filter(field=key).select_related("branch"))
    if not rows:
        return None
    first = rows[0]
    whole, parts = Spread(), dict[str, Spread]()
    top = user.branch.path if user.branch else ""
    for row in rows:
        whole.counts.update(row.counts)
        parts.setdefault(_below(row.branch.path, top), Spread()).counts.update(row.counts)
    names = dict(Branch.objects.filter(path__in=parts).values_list("path", "name"))
    scale = Scale(first.low, first.step, first.bins) if first.bins and first.step and first.low is not None else None
    named = [(names[path], parts[path]) for path in sorted(parts) if path in names]
    return FieldValues(first.as_of, scale, whole, named)


def _below(path: str, top: str) -> str:
    """The path of the branch just below `top` on the way to `path`; `top` itself where that is the end, the root of a
    path elsewhere."""
    if not path.startswith(top):
        return f"{path.split('/')[0]}/"
    rest = path.removeprefix(top).split("/")[0]
    return f"{top}{rest}/" if rest else top
