"""What making one offer to one line is expected to bring, over all months that the line is expected to stay. Pure.

    gain = p x s x sum over t of S(t) x (M - d(t))  -  (1 - p) x a x sum over t of U(t) x d(t)  -  a x g

p: churn probability; s: share of leavers who stay because of the offer; a: share of those asked who accept it. Both are
known by kind of offer, from tests or assumed. The customers' own answers to the offer move a towards them: with n
answers, of which k accept it, and w the answers that the assumption counts for, a = (k + w a_kind) / (n + w). Nobody
stays because of an offer that they do not accept, so s is changed in the same proportion. M:
margin of the line a month, its spend x the share of margin. d(t): what the customer saves in month t, which is what we
lose, for the line uses as much as before. g: what is spent once: gift, subsidy and handling. S(t) and U(t): the chance
that a saved line and any other is still there after t months, discounted; both as the valuation of the base has them,
up to its horizon. The first term is the margin left of lines that are saved, the second what lines that would have
stayed anyway pay less, the third what is handed out. The call costs the same whatever is offered and stands in none.

The months of a plan change go on to the horizon: a fee does not rise again by itself when the booked term is over. With
g = 0 the formula is that of plan fit (analytics.plan_fit.rules) without the cost of the contact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from campaigns.offers.families import Kind
from campaigns.offers.tariffs import Amounts, Terms


class Answered(Terms, Protocol):
    """An Offer: its terms, and the answers of customers."""

    @property
    def asked(self) -> int: ...

    @property
    def taken(self) -> int: ...


@dataclass(frozen=True)
class LineValue:
    """What the valuation knows of a line, or of a typical one.

    chance: p, None for a line that is not scored. spend: yuan a month; margin: share of it. saved, usual: S(t) and U(t)
    of each month of the horizon. save_rate, acceptance, weight: s, a and w by kind of offer. rated: {plan id: yuan a
    month that the same use costs less on it}, where the tariffs say.
    """

    chance: float | None
    spend: float
    margin: float
    saved: Sequence[float]
    usual: Sequence[float]
    save_rate: Mapping[str, float]
    acceptance: Mapping[str, float]
    weight: Mapping[str, float]
    rated: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TermMonth:
    """A month after the offer is accepted, yuan. saved: the customer pays less, and we lose; margin: what the line
    brings after that; total: margin so far of a line that is saved, discounted, less what is spent once."""

    number: int
    saved: float
    margin: float
    total: float


@dataclass(frozen=True)
class OfferEconomics:
    """Yuan. monthly: d; one_off: g; kept: margin left of a saved line over the horizon; given: what a line that would
    have stayed anyway pays less; gain: of the offer, None for a line that is not scored. horizon: months."""

    monthly: float
    is_rated: bool
    one_off: float
    kept: float
    given: float
    save_rate: float
    acceptance: float
    gain: float | None
    horizon: int
    months: Sequence[TermMonth]

    @property
    def if_saved(self) -> float:
        """What it brings when the customer would have left for certain and stays for it; whatever the risk."""
        return self.kept - self.one_off

    @property
    def pays(self) -> bool:
        """Whether there is a customer like this whom it pays to make the offer."""
        return self.if_saved > 0


def value_offer(offer: Answered, *, kind: str, amounts: Amounts, line: LineValue) -> OfferEconomics:
    """amounts: of this offer and the plan that the line has."""
    plan, monthly, is_rated = offer.plan, 0.0, False
    if kind == Kind.PLAN_CHANGE and plan is not None:
        is_rated = plan.pk in line.rated
        monthly = line.rated[plan.pk] if is_rated else float(amounts.monthly)
    left = line.spend * line.margin - monthly
    one_off = float(amounts.one_off)
    kept, given = left * sum(line.saved), monthly * sum(line.usual)
    rate, accepted = _rates(offer, kind, line)
    gain = None
    if line.chance is not None:
        gain = line.chance * rate * kept - (1 - line.chance) * accepted * given - accepted * one_off
    return OfferEconomics(
        monthly=monthly, is_rated=is_rated, one_off=one_off, kept=kept, given=given, save_rate=rate,
        acceptance=accepted, gain=gain, horizon=len(line.saved), months=_months(monthly, left, one_off, line.saved),
    )  # fmt: skip


def _rates(offer: Answered, kind: str, line: LineValue) -> tuple[float, float]:
    """(s, a) of this offer."""
    usual, weight = line.acceptance[kind], line.weight[kind]
    if not offer.asked or not usual:
        return line.save_rate[kind], usual
    accepted = (offer.taken + weight * usual) / (offer.asked + weight)
    return min(line.save_rate[kind] * accepted / usual, 1.0), accepted


def _months(monthly: float, left: float, one_off: float, saved: Sequence[float]) -> list[TermMonth]:
    found, total = [], -one_off
    for number, weight in enumerate(saved, start=1):
        total += left * weight
        found.append(TermMonth(number, monthly, left, total))
    return found


def rounded(amount: float) -> Decimal:
    """Yuan and fen."""
    return Decimal(f"{amount:.2f}")
