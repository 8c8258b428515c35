"""Nightly: data and value-added services that fit too little or too much."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

USE_OF_SERVICES: list[dict[str, Any]] = [
    {
        "code": "S11", "name": "Low data use", "name_zh": "低流量用户",
        "explanation": "Who pays for data and hardly uses it, now and in the months before, either has another"
        " card or will"
        " look for a cheaper plan.",
        "explanation_zh": "套餐流量长期几乎不用，客户要么另有一张上网卡，要么会寻找更便宜的套餐。",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            ask("plan_data_mb", ">=", 5120, "data_of_the_plan"),
            ask("data_used_share", "<=", 0.1, "used_share"),
            ask("data_base_share", "<=", 0.2, "used_share_before"),
            ask("tenure_days", ">=", 120, "tenure"),
        ),
        "order_type": "care", "purpose": "care", "priority": 6, "cooldown_days": 180, "daily_cap": 100,
        "hint": "Ask where data is used today: Wi-Fi, another card, or not at all. Explain what the plan includes"
        " before"
        " you speak of a smaller one.",
        "hint_zh": "了解平时上网方式：无线网络、另一张卡还是不常上网；先介绍套餐内流量的用途，再谈调整套餐。",
    },
    {
        "code": "S11-over", "name": "Data far over the plan", "name_zh": "流量超套用户",
        "explanation": "Charges for data beyond the plan come as a shock, and are the first reason to compare with"
        " rivals.",
        "explanation_zh": "流量超套产生的费用往往出乎客户意料，是比较异网资费的首要原因。",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            ask("data_used_share", ">=", 1.2, "used_share"),
            ask("data_bill_last", ">=", 15, "data_charge"),
            ask("data_bill_share", ">=", 0.2, "share_of_bill"),
        ),
        "order_type": "opportunity", "purpose": "care", "priority": 5, "cooldown_days": 90, "daily_cap": 100,
        "hint": "Name what was paid beyond the plan last month, then the data pack or plan that would have cost less.",
        "hint_zh": "先说明上月超套流量费用，再介绍更划算的流量包或套餐。",
    },
    {
        "code": "S12", "name": "Value-added service that fits", "name_zh": "增值业务订购推荐",
        "explanation": "The use of the line asks for a pack that it does not have; who finds the right one pays"
        " less and"
        " stays longer.",
        "explanation_zh": "客户的使用习惯需要某项增值业务但尚未订购；订到合适的业务既省钱又提高在网粘性。",
        "rule": rule(
            IN_SERVICE,
            ask("service_fit", "notNull", None),
            ask("vas_ordered_90d", "=", 0),
            ask("vas_cancelled_90d", "=", 0),
            ask("arpu", ">=", 30, "least_spend"),
        ),
        "order_type": "opportunity", "purpose": "marketing", "priority": 7, "cooldown_days": 180, "daily_cap": 100,
        "hint": "Name the use that shows the need, the fee of the pack and how it is ended again. Order nothing"
        " without a"
        " clear yes.",
        "hint_zh": "说明客户的相关使用情况、业务月费和退订方式；未经客户明确同意不得订购。",
    },
]  # fmt: skip
