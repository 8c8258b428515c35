"""The terms of a plan as numbers, and what of a line's use its line type is charged for."""

import math
from dataclasses import dataclass

import numpy as np

from customers.facts.models import LineType, Plan

# Order of the measures in every array: minutes out, MB, messages sent.
VOICE, DATA, MESSAGES = range(3)
MEASURE_COUNT = 3
# What a line type is charged for by use. Broadband is sold by speed and television by channels: the fee is the price.
CHARGED: dict[str, tuple[int, ...]] = {
    LineType.MOBILE: (VOICE, DATA, MESSAGES),
    LineType.FIXED: (VOICE, MESSAGES),
    LineType.WIRELESS_LANDLINE: (VOICE, MESSAGES),
    LineType.BROADBAND: (),
    LineType.IPTV: (),
}
# Plans of these line types differ in their speed: a slower one is no match, however cheap it is.
SOLD_BY_SPEED = frozenset({LineType.BROADBAND.value})


@dataclass(frozen=True)
class Terms:
    """A plan. included: minutes, MB, messages; rates: yuan for one more of each, nan where the tariff does not say."""

    pk: int
    code: str
    name: str
    line_type: str
    brand: str
    market: str
    is_bundle: bool
    is_restricted: bool
    is_on_sale: bool
    fee: float
    included: tuple[float, float, float]
    rates: tuple[float, float, float]
    bandwidth: int | None

    @property
    def charged(self) -> tuple[int, ...]:
        return CHARGED.get(self.line_type, ())

    @property
    def missing_rates(self) -> tuple[int, ...]:
        """The measures that it is charged for without a price: a hole in the tariff."""
        return tuple(measure for measure in self.charged if math.isnan(self.rates[measure]))


def terms_of(plan: Plan, *, is_on_sale: bool) -> Terms:
    rates = (plan.voice_rate, plan.data_rate, plan.sms_rate)
    return Terms(
        pk=plan.pk, code=plan.code, name=plan.name, line_type=plan.line_type, brand=plan.brand, market=plan.market,
        is_bundle=plan.is_bundle, is_restricted=plan.is_restricted, is_on_sale=is_on_sale, fee=float(plan.monthly_fee),
        included=(float(plan.voice_minutes), float(plan.data_mb), float(plan.sms_count)),
        rates=tuple(math.nan if rate is None else float(rate) for rate in rates),  # type: ignore[arg-type]
        bandwidth=plan.bandwidth_mbps,
    )  # fmt: skip


def over_use(terms: Terms, use: np.ndarray) -> np.ndarray:
    """Use beyond what the fee includes, of what the plan is charged for. use: measures x ..., the result as well."""
    over = np.zeros_like(use)
    for measure in terms.charged:
        np.maximum(use[measure] - terms.included[measure], 0, out=over[measure])
    return over


def over_charges(terms: Terms, use: np.ndarray) -> np.ndarray:
    """Yuan beyond the fee of each month, each measure rounded to the fen (half up). use: measures x ...

    nan where a price is missing that the month's use needs. A price that is missing but not needed changes nothing.
    """
    total = np.zeros(use.shape[1:])
    for measure in terms.charged:
        over = use[measure] - terms.included[measure]
        np.maximum(over, 0, out=over)
        rate = terms.rates[measure]
        if math.isnan(rate):
            total[over > 0] = math.nan
        elif rate:
            # 1e-6 fen: a half that floating point has made a little less than a half.
            over *= rate * 100
            over += 0.5 + 1e-6
            total += np.floor(over, out=over)
    return total / 100
