"""What ships: the two matrices of the source, and from when on a flow between cells is an alarm.

Tendency (C), binding, speed (H), attached mobile (G) and IPTV (I) are those of the source; bands of spend, data and
speed are today's, since the source cuts speed at 2 and 4 Mbps. Managers change all of them on the page.
"""

from datetime import timedelta
from typing import Any

from campaigns.audiences.defaults import ask, rule
from retention.core.alerts.rules import Rule, Severity

FLOW_KIND = "segment_flow"
# Twice the usual share, of a cell of at least so many lines; calm below one and a half times. Two months of flows are
# needed. Measured on the quiet simulated operator: see the tests.
FLOW_RULE = Rule(
    opens_at=2.0, closes_below=1.5, calm_readings=1, calm_time=timedelta(), floor=100, severity=Severity.MAJOR,
    critical_at=4.0,
)  # fmt: skip
LEAST_MOVED = 20
MONTHS_COMPARED = 5


def band(code: str, name: str, name_zh: str, **what: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "name_zh": name_zh} | what


def numbers(*bands: tuple[str, str, str, float | None]) -> list[dict[str, Any]]:
    """Bands in rising order, each with where it ends."""
    starts = [None, *(one[3] for one in bands[:-1])]
    return [
        band(code, name, name_zh, **{"from": start, "to": end})
        for (code, name, name_zh, end), start in zip(bands, starts, strict=True)
    ]


def dimension(code: str, name: str, name_zh: str, layer: str, kind: str, **what: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "name_zh": name_zh, "layer": layer, "kind": kind} | what


FALL = -0.3
TENDENCY = dimension(
    "tendency", "Tendency to leave", "离网倾向", "stability", "rule", facts=["bill_change", "voice_out_change"], bands=[
        band("high", "High", "高", rule=rule(
            ask("bill_change", "<=", FALL, "spend_fall"), ask("voice_out_change", "<=", FALL, "minutes_fall"),
            combinator="or",
        )),
        band("low", "Low", "低", rule=rule(
            ask("is_bundle", "=", True),
            rule(ask("customer_kind", "in", ["enterprise", "government"]), ask("pay_mode", "=", "postpaid")),
            combinator="or",
        )),
        band("middle", "Middle", "中", rule=None),
    ],
)  # fmt: skip
BINDING = dimension(
    "binding", "Binding", "捆绑度", "stability", "rule", facts=[], bands=[
        band("expiring", "Expiring", "捆绑预警", rule=rule(ask("contract_days_left", "<=", 60, "days_ahead"))),
        band("bound", "Bound", "已捆绑", rule=rule(ask("in_contract", "=", True))),
        band("unbound", "Not bound", "未捆绑", rule=None),
    ],
)  # fmt: skip


def spend(*ends: float) -> dict[str, Any]:
    low, mid, high = ends
    return dimension(
        "value", "Value", "客户价值", "stability", "number", field="arpu", bands=numbers(
            ("low", "Low value", "低端", low), ("mid", "Middle value", "中端", mid),
            ("high", "High value", "中高端", high), ("top", "Top value", "高端", None),
        ),
    )  # fmt: skip


MOBILE_NEED = [
    dimension("terminal", "Terminal", "终端类型", "need", "choice", field="terminal_generation", bands=[
        band("g5", "5G", "5G", values=["5G"]),
        band("g4", "4G", "4G", values=["4G"]),
        band("older", "3G or older", "3G及以下", values=None),
    ]),
    dimension("age", "Age of the terminal", "终端时长", "need", "number", field="terminal_months", bands=numbers(
        ("new", "Up to one year", "一年以内", 12), ("mid", "One to one and a half years", "一年至一年半", 18),
        ("old", "Over one and a half years", "一年半以上", None),
    )),
    dimension("data", "Need of data", "流量需求", "need", "number", field="data_half", bands=numbers(
        ("low", "Little data", "低", 2_048), ("mid", "Some data", "中", 10_240), ("high", "Much data", "高", None),
    )),
]  # fmt: skip
BROADBAND_NEED = [
    dimension("mobile", "Mobile attached", "手机加装", "need", "rule", facts=[], bands=[
        band("yes", "Has our mobile", "已加装电信手机", rule=rule(ask("mobile_lines_of_customer", ">", 0))),
        band("no", "Without our mobile", "未加装电信手机", rule=None),
    ]),
    dimension("iptv", "IPTV attached", "ITV捆绑", "need", "rule", facts=[], bands=[
        band("yes", "Has IPTV", "已加装ITV", rule=rule(ask("iptv_lines_of_customer", ">", 0))),
        band("no", "Without IPTV", "未加装ITV", rule=None),
    ]),
    dimension("speed", "Speed", "宽带速率", "need", "number", field="bandwidth", bands=numbers(
        ("low", "Below 200 Mbps", "200M以下", 200), ("mid", "200 to 999 Mbps", "200M至1000M以下", 1_000),
        ("high", "1000 Mbps and more", "1000M及以上", None),
    )),
]  # fmt: skip


def exclusion(code: str, name: str, name_zh: str, what: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "name": name, "name_zh": name_zh, "rule": what, "applies": True}


# In this order: the first that holds names the place.
EXCLUSIONS = [
    exclusion("state", "Not in service", "非正常态", rule(ask("status", "=", "active"), negated=True)),
    exclusion("free", "Free and official lines", "公免、公纳", rule(ask("plan_fee", "<=", 0))),
    exclusion("leased", "Leased lines", "专线", rule(ask("brand", "in", ["专线", "leased line"]))),
    exclusion("new", "Joined less than 3 months ago", "入网3个月内", rule(ask("tenure_days", "<", 92, "days"))),
    exclusion("lists", "Red list, blacklist, false user", "红黑名单、虚假用户", rule(
        ask("on_red_list", "=", True), ask("on_blacklist", "=", True), ask("false_user", "=", True), combinator="or",
    )),
    exclusion("silent", "Do not disturb", "免打扰用户", rule(ask("do_not_disturb", "=", True))),
]  # fmt: skip

# {line type: dimensions} that a new matrix begins with; every line type has the dimensions of stability.
STABILITY_DIMENSIONS = [spend(50, 80, 120), TENDENCY, BINDING]
DIMENSIONS = {
    "mobile": [*STABILITY_DIMENSIONS, *MOBILE_NEED],
    "broadband": [spend(50, 80, 120), TENDENCY, BINDING, *BROADBAND_NEED],
}

# The cells that the source names an action for, and those whose need is plain: scenarios that ship.
ACTIONS = {
    **{f".{value}.{how}.expiring": "S8" for value in ("mid", "high", "top") for how in ("high", "middle", "low")},
    **{f".{value}.high.{binding}": "S4" for value in ("high", "top") for binding in ("bound", "unbound")},
}  # fmt: skip
SEGMENTATIONS: list[dict[str, Any]] = [
    {
        "code": "mobile", "name": "Mobile: stability and need", "name_zh": "移动客户分层矩阵", "line_type": "mobile",
        "note": "Stability: value, tendency to leave, binding. Need: terminal, its age, data.",
        "note_zh": "稳定度分层：客户价值、离网倾向、捆绑度；需求分层：终端类型、终端时长、流量需求。",
        "dimensions": DIMENSIONS["mobile"], "exclusions": EXCLUSIONS,
        "actions": ACTIONS,
    },
    {
        "code": "broadband", "name": "Broadband: stability and need", "name_zh": "宽带客户分层矩阵",
        "line_type": "broadband",
        "note": "Stability: value, tendency to leave, binding. Need: attached mobile and IPTV, speed.",
        "note_zh": "稳定度分层：客户价值、离网倾向、捆绑度；需求分层：手机加装、ITV捆绑、宽带速率。",
        "dimensions": DIMENSIONS["broadband"], "exclusions": EXCLUSIONS,
        "actions": ACTIONS,
    },
]  # fmt: skip
