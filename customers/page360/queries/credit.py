"""Credit of the line's account: the score, what every point stands on, and what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from customers.credit.models import AccountCredit, Credit, CreditChange
from customers.credit.rules import CARDS, MOST_POINTS, Unrated, level_bounds
from customers.credit.text import format_bands, format_measured, format_moves, level_badge
from customers.facts.models import Subscriber

MAX_CHANGES = 6


@dataclass(frozen=True)
class CreditStanding:
    """why: the sentence in place of a score. rows: what CreditTable shows, the last one their sum. card: its bands.

    changes: rows of CreditChangeTable, newest first.
    """

    as_of: date | None = None
    score: int | None = None
    badge: tuple[str, str, str] | None = None
    why: str = ""
    rows: Sequence[dict[str, Any]] = ()
    card: Sequence[dict[str, Any]] = ()
    levels: Sequence[tuple[str, int, int]] = ()
    changes: Sequence[dict[str, Any]] = field(default_factory=list)


def credit_of(line: Subscriber) -> CreditStanding | None:
    """None before the account was first judged. Of who has opted out of profiling nothing but that is shown."""
    if line.account.customer.profiling_opt_out:
        return CreditStanding(why=str(Unrated.OPTED_OUT.label))
    credit: AccountCredit | None = getattr(line.account, "credit", None)
    changes = list(CreditChange.objects.for_360(line.account_id)[: MAX_CHANGES + 1])
    newest: Credit | None = credit or (changes[0] if changes else None)
    if newest is None:
        return None
    return CreditStanding(
        as_of=newest.as_of,
        score=newest.score,
        badge=level_badge(newest.level),
        why=str(newest.get_why_display()) if newest.why else "",
        rows=_rows(credit) if credit and credit.score is not None else (),
        card=_card(newest.card),
        levels=[(str(level.label), low, high) for level, low, high in level_bounds()],
        changes=_changes(changes),
    )


def _rows(credit: AccountCredit) -> list[dict[str, Any]]:
    rows = [
        {
            "factor": factor.label,
            "value": format_measured(factor.key, credit.measured),
            "points": credit.points[factor.key],
            "most": factor.most,
        }
        for factor in CARDS[credit.card]
    ]
    return [*rows, {"factor": _("Credit score"), "value": "", "points": credit.score, "most": MOST_POINTS}]


def _card(card: str) -> list[dict[str, Any]]:
    return [{"factor": factor.label, "bands": list(format_bands(factor))} for factor in CARDS[card]]


def _changes(changes: Sequence[CreditChange]) -> list[dict[str, Any]]:
    """Each with what moved against the one before it; the oldest that was read has nothing to compare with."""
    moves = [format_moves(newer.points, older.points) for newer, older in pairwise(changes)]
    first = [""] if len(changes) <= MAX_CHANGES else []
    rows = zip(changes, [*moves, *first], strict=False)
    return [
        {"as_of": change.as_of, "score": change.score, "level": level_badge(change.level), "moves": moved}
        for change, moved in rows
    ]
