"""A small catalogue and three lines whose bills are rated by hand in the comments."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from customers.facts.models import Plan, Subscriber
from tests import factories as make

MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
PRICES = {"voice_rate": Decimal("0.15"), "data_rate": Decimal("0.003"), "sms_rate": Decimal("0.1")}


def make_tariff(code: str, fee: int, minutes: int, data_mb: int, messages: int = 0, **given: Any) -> Plan:
    what = {"code": code, "name": f"Tariff {code}", "monthly_fee": Decimal(fee), "voice_minutes": minutes}
    return make.make_plan(**what | {"data_mb": data_mb, "sms_count": messages} | PRICES | given)


def make_catalogue() -> dict[str, Plan]:
    plans = [
        make_tariff("M008", 8, 30, 500, voice_rate=Decimal("0.2"), data_rate=Decimal("0.005")),
        make_tariff("M039", 39, 200, 15_000, 50),
        make_tariff("M059", 59, 300, 20_000, 50),
        make_tariff("M079", 79, 500, 30_000, 100),
        make_tariff("E049", 49, 500, 15_000, 100, market=Plan.Market.BUSINESS),
        make_tariff("E089", 89, 1_000, 30_000, 200, market=Plan.Market.BUSINESS),
        make_tariff("Y019", 19, 60, 20_000, is_restricted=True),
        make_tariff("R009", 9, 60, 90_000, is_bundle=True),
        make_tariff("OLD5", 5, 900, 90_000, on_sale_until=date(2021, 12, 31)),
        make_tariff("HOLE", 1, 0, 0, voice_rate=None, data_rate=None, sms_rate=None),
    ]
    return {plan.code: plan for plan in plans}


def use(line: Subscriber, *months: tuple[int, float, int]) -> None:
    """Minutes, MB and messages of MONTHS."""
    for month, (minutes, megabytes, messages) in zip(MONTHS, months, strict=False):
        make.make_usage_month(
            subscriber=line, month=month, voice_out_s=minutes * 60, data_mb=megabytes, sms_out=messages
        )


def make_lines(branch: Any) -> SimpleNamespace:
    """heavy: postpaid, over its data; light: hardly used, on a large plan; firm: an enterprise's line."""
    plans = make_catalogue()
    heavy = make.make_subscriber(branch=branch, plan=plans["M039"])
    use(heavy, (250, 25_000, 10), (180, 27_000, 0), (200, 29_000, 60))
    light = make.make_subscriber(branch=branch, plan=plans["M079"])
    use(light, (12, 300, 0), (40, 100, 2))  # of October nothing came: it was not used
    company = make.make_customer(branch=branch, kind="enterprise")
    firm = make.make_subscriber(customer=company, plan=plans["E089"])
    use(firm, (400, 12_000, 0), (520, 16_000, 110), (450, 9_000, 0))
    return SimpleNamespace(heavy=heavy, light=light, firm=firm, plans=plans)
