"""The operator's catalogue: plans, value-added products and contract policies.

Rates are yuan per minute, per MB and per message beyond the allowance. Brands are invented: 惠民 is the
low-value brand, 畅享 the middle, 尊享 the high-value one; 青春 is for campuses, 商务 for enterprises,
团圆 for bundles.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from retention.simulator.schema import table

LINE_TYPES = ("mobile", "broadband", "fixed", "iptv", "wireless_landline")
MOBILE, BROADBAND, FIXED, IPTV, WIRELESS = range(5)


class Plan(NamedTuple):
    code: str
    name: str
    line_type: int
    brand: str
    fee: int
    minutes: int
    data_mb: int
    sms: int
    voice_rate: float = 0.15
    data_rate: float = 0.003
    sms_rate: float = 0.1
    bandwidth: int = 0
    is_bundle: bool = False
    is_restricted: bool = False
    market: str = "consumer"
    since: date = date(2019, 1, 1)
    sold_until: date | None = None


PLANS = (
    Plan("M008", "惠民 8 元套餐", MOBILE, "惠民", 8, 30, 500, 0, 0.2, 0.005),
    Plan("M019", "惠民 19 元套餐", MOBILE, "惠民", 19, 100, 5_000, 0),
    Plan("M029", "惠民 29 元套餐", MOBILE, "惠民", 29, 150, 10_000, 0),
    Plan("M039", "畅享 39 元套餐", MOBILE, "畅享", 39, 200, 15_000, 50),
    Plan("M059", "畅享 59 元套餐", MOBILE, "畅享", 59, 300, 20_000, 50),
    Plan("M079", "畅享 79 元套餐", MOBILE, "畅享", 79, 500, 30_000, 100),
    Plan("M099", "尊享 99 元套餐", MOBILE, "尊享", 99, 700, 40_000, 100),
    Plan("M129", "尊享 129 元套餐", MOBILE, "尊享", 129, 1_000, 60_000, 200),
    Plan("M199", "尊享 199 元套餐", MOBILE, "尊享", 199, 2_000, 100_000, 300),
    Plan("M299", "尊享 299 元套餐", MOBILE, "尊享", 299, 3_000, 150_000, 500),
    Plan("Y019", "青春 19 元校园套餐", MOBILE, "青春", 19, 60, 20_000, 0, is_restricted=True,
         since=date(2021, 6, 1)),
    Plan("Y039", "青春 39 元校园套餐", MOBILE, "青春", 39, 120, 40_000, 0, is_restricted=True,
         since=date(2021, 6, 1)),
    Plan("E049", "商务 49 元集团套餐", MOBILE, "商务", 49, 500, 15_000, 100, market="business"),
    Plan("E089", "商务 89 元集团套餐", MOBILE, "商务", 89, 1_000, 30_000, 200, market="business"),
    Plan("E159", "商务 159 元集团套餐", MOBILE, "商务", 159, 2_000, 60_000, 300, market="business"),
    Plan("R129", "团圆 129 元融合套餐", MOBILE, "团圆", 129, 800, 50_000, 100, is_bundle=True),
    Plan("R169", "团圆 169 元融合套餐", MOBILE, "团圆", 169, 1_200, 80_000, 200, is_bundle=True),
    Plan("R239", "团圆 239 元融合套餐", MOBILE, "团圆", 239, 2_000, 120_000, 300, is_bundle=True),
    Plan("L035", "旧版畅聊 35 元套餐", MOBILE, "惠民", 35, 300, 2_000, 100, since=date(2014, 1, 1),
         sold_until=date(2021, 12, 31)),
    Plan("B100", "宽带 100M", BROADBAND, "宽带", 50, 0, 0, 0, bandwidth=100, market="all"),
    Plan("B300", "宽带 300M", BROADBAND, "宽带", 80, 0, 0, 0, bandwidth=300, market="all"),
    Plan("B1000", "千兆宽带 1000M", BROADBAND, "宽带", 120, 0, 0, 0, bandwidth=1_000, since=date(2020, 3, 1),
         market="all"),
    Plan("BR300", "融合宽带 300M", BROADBAND, "团圆", 10, 0, 0, 0, bandwidth=300, is_bundle=True),
    Plan("F020", "固话 20 元套餐", FIXED, "固话", 20, 100, 0, 0, 0.12, market="all"),
    Plan("F035", "商务固话 35 元套餐", FIXED, "固话", 35, 300, 0, 0, 0.1, market="all"),
    Plan("I020", "高清电视 20 元", IPTV, "电视", 20, 0, 0, 0, market="all"),
    Plan("I030", "超高清电视 30 元", IPTV, "电视", 30, 0, 0, 0, market="all"),
    Plan("W015", "无线座机 15 元套餐", WIRELESS, "座机", 15, 60, 0, 0, 0.15, market="all"),
    Plan("W025", "无线座机 25 元套餐", WIRELESS, "座机", 25, 200, 0, 0, 0.12, market="all"),
)  # fmt: skip
PLAN_INDEX = {plan.code: index for index, plan in enumerate(PLANS)}
_LADDERS = (
    ("M008", "M019", "M029", "M039", "M059", "M079", "M099", "M129", "M199", "M299"), ("L035", "M039"),
    ("Y019", "Y039"), ("E049", "E089", "E159"), ("R129", "R169", "R239"), ("B100", "B300", "B1000"),
    ("F020", "F035"), ("I020", "I030"), ("W015", "W025"),
)  # fmt: skip


def _column(name: str, dtype: type) -> np.ndarray:
    return np.array([getattr(plan, name) for plan in PLANS], dtype=dtype)


FEE = _column("fee", np.float32)
MINUTES = _column("minutes", np.float32)
DATA_MB = _column("data_mb", np.float32)
SMS = _column("sms", np.float32)
VOICE_RATE = _column("voice_rate", np.float32)
DATA_RATE = _column("data_rate", np.float32)
SMS_RATE = _column("sms_rate", np.float32)
BANDWIDTH = _column("bandwidth", np.int32)


def _neighbours(step: int) -> np.ndarray:
    """The next plan up or down each ladder; itself at the end."""
    found = np.arange(len(PLANS), dtype=np.uint8)
    for ladder in _LADDERS:
        for position, code in enumerate(ladder):
            other = position + step
            if 0 <= other < len(ladder):
                found[PLAN_INDEX[code]] = PLAN_INDEX[ladder[other]]
    return found


DEARER, CHEAPER = _neighbours(1), _neighbours(-1)


class Product(NamedTuple):
    code: str
    name: str
    category: str
    fee: int


PRODUCTS = (
    Product("V001", "来电显示", "call", 5), Product("V002", "炫铃", "ringtone", 5),
    Product("V003", "视频会员", "video", 15), Product("V004", "音乐包", "music", 8),
    Product("V005", "阅读包", "reading", 6), Product("V006", "定向流量包", "data", 9),
    Product("V007", "夜间流量包", "data", 10), Product("V008", "国际漫游包", "roaming", 30),
    Product("V009", "云盘会员", "cloud", 12), Product("V010", "安全管家", "security", 3),
    Product("V011", "亲情号码", "call", 3), Product("V012", "企业彩铃", "enterprise", 10),
)  # fmt: skip
PRODUCT_FEE = np.array([product.fee for product in PRODUCTS] + [0], dtype=np.int32)
PRODUCT_WEIGHTS = (22, 14, 12, 9, 5, 14, 6, 2, 5, 4, 6, 1)


class Policy(NamedTuple):
    code: str
    name: str
    months: int
    deposit: int
    gift: int
    discount: int  # yuan off each bill while the contract runs
    line_types: tuple[int, ...]
    weight: float


POLICIES = (
    Policy("P01", "存费送费 12 个月", 12, 240, 120, 8, (MOBILE,), 30),
    Policy("P02", "存费送费 24 个月", 24, 480, 300, 10, (MOBILE,), 18),
    Policy("P03", "存费送积分 12 个月", 12, 120, 60, 0, (MOBILE, FIXED, WIRELESS), 10),
    Policy("P04", "合约购机 24 个月", 24, 600, 1_500, 0, (MOBILE,), 16),
    Policy("P05", "网龄特权 12 个月", 12, 0, 60, 5, (MOBILE,), 10),
    Policy("P06", "校园迎新 12 个月", 12, 100, 100, 10, (MOBILE,), 6),
    Policy("P07", "宽带包年 12 个月", 12, 600, 100, 0, (BROADBAND,), 55),
    Policy("P08", "宽带包两年 24 个月", 24, 1_080, 240, 5, (BROADBAND,), 45),
    Policy("P09", "融合承诺 24 个月", 24, 0, 200, 10, (MOBILE, BROADBAND), 14),
    Policy("P10", "电视包年 12 个月", 12, 200, 40, 0, (IPTV,), 100),
    Policy("P11", "小业务包年 12 个月", 12, 60, 20, 0, (FIXED, WIRELESS), 30),
)
POLICY_MONTHS = np.array([policy.months for policy in POLICIES], dtype=np.int32)
POLICY_DISCOUNT = np.array([policy.discount for policy in POLICIES] + [0], dtype=np.uint8)
_POLICY_EDGES = np.cumsum(
    [[p.weight if kind in p.line_types else 0.0 for p in POLICIES] for kind in range(len(LINE_TYPES))], axis=1
)


def pick_policy(draw: np.ndarray, line_type: np.ndarray) -> np.ndarray:
    """A policy index for each line from a uniform draw, among those sold for its line type."""
    edges = (_POLICY_EDGES / _POLICY_EDGES[:, -1:]).astype(np.float32)[line_type]
    chosen = (draw[:, None] >= edges).sum(axis=1)
    return np.minimum(chosen, len(POLICIES) - 1).astype(np.int16)


def plans_table() -> pa.Table:
    return table(
        "plans",
        {
            "code": [p.code for p in PLANS], "name": [p.name for p in PLANS],
            "line_type": [LINE_TYPES[p.line_type] for p in PLANS], "brand": [p.brand for p in PLANS],
            "monthly_fee": [p.fee for p in PLANS], "voice_minutes": [p.minutes for p in PLANS],
            "data_mb": [p.data_mb for p in PLANS], "sms_count": [p.sms for p in PLANS],
            "voice_rate": [p.voice_rate for p in PLANS], "data_rate": [p.data_rate for p in PLANS],
            "sms_rate": [p.sms_rate for p in PLANS], "is_bundle": [p.is_bundle for p in PLANS],
            "market": [p.market for p in PLANS],
            "bandwidth_mbps": [p.bandwidth or None for p in PLANS], "is_restricted": [p.is_restricted for p in PLANS],
            "on_sale_from": [p.since for p in PLANS], "on_sale_until": [p.sold_until for p in PLANS],
        },
    )  # fmt: skip


def products_table() -> pa.Table:
    return table(
        "products",
        {
            "code": [p.code for p in PRODUCTS], "name": [p.name for p in PRODUCTS],
            "category": [p.category for p in PRODUCTS], "monthly_fee": [p.fee for p in PRODUCTS],
        },
    )  # fmt: skip


def policies_table() -> pa.Table:
    return table(
        "policies",
        {
            "code": [p.code for p in POLICIES], "name": [p.name for p in POLICIES],
            "months": [p.months for p in POLICIES], "deposit": [p.deposit for p in POLICIES],
            "gift_value": [p.gift for p in POLICIES], "starts_on": [date(2020, 1, 1)] * len(POLICIES),
            "ends_on": [None] * len(POLICIES),
        },
    )  # fmt: skip
