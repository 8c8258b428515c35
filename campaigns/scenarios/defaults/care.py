"""Nightly: care at the moments that decide about loyalty, from the first bill on."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

CARE: list[dict[str, Any]] = [
    {
        "code": "S2", "name": "Member tier change", "name_zh": "会员用户级别变化",
        "explanation": "A tier lost takes privileges away and offends; a tier won is the best moment to show what"
        " it brings.",
        "explanation_zh": "降级会失去会员权益，易引发不满；升级则是介绍权益、增进感情的最佳时机。",
        "rule": rule(
            IN_SERVICE,
            ask("days_since_tier_change", "<=", 15, "days"),
            rule(
                ask("tier_move", "=", "down"),
                rule(ask("tier_move", "=", "up"), ask("customer_tier", "in", ["gold", "diamond"])),
                combinator="or",
            ),
        ),
        "order_type": "care", "purpose": "care", "priority": 5, "cooldown_days": 90, "daily_cap": 100,
        "hint": "Up: congratulate and name the new privileges. Down: say which end and when, ask about changes in"
        " use, and"
        " what would bring the tier back.",
        "hint_zh": "升级：祝贺并介绍新权益；降级：说明哪些权益何时失效，了解用量变化原因及恢复级别的条件。",
    },
    {
        "code": "S9", "name": "Roaming care", "name_zh": "漫游用户关怀",
        "explanation": "Who travels fears the bill and cannot come to a hall: a call in the first days prevents"
        " shock and a"
        " foreign card.",
        "explanation_zh": "出行客户担心漫游资费又不便到厅，行程初期主动关怀可避免高额账单和换用当地卡。",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            ask("has_roaming_service", "=", False),
            rule(
                ask("days_since_roaming_start", "<=", 3, "days_since_start"),
                # A trip, not somebody who lives there.
                rule(
                    ask("roaming_days", ">=", 5, "days_roaming"),
                    ask("roaming_days", "<=", 15, "most_days_roaming"),
                    ask("days_since_roaming", "<=", 2, "still_away"),
                ),
                combinator="or",
            ),
        ),
        "order_type": "care", "purpose": "care", "priority": 4, "due_hours": 24, "cooldown_days": 60, "daily_cap": 100,
        "hint": "Ask first whether it suits: a call may cost the customer. Say what calls and data cost there, and"
        " which"
        " pack caps it.",
        "hint_zh": "先确认是否方便接听（漫游接听可能收费），说明当地语音和流量资费，推荐合适的漫游包。",
    },
    {
        "code": "S10", "name": "Points to redeem", "name_zh": "积分兑换提醒",
        "explanation": "Points that expire unused are a reward that turned into a grudge; redeeming them ties the"
        " customer.",
        "explanation_zh": "积分过期作废会让回馈变成不满；引导兑换可增强客户粘性。",
        "rule": rule(
            IN_SERVICE,
            rule(
                ask("points_expiring_60d", ">=", 300, "points_expiring"),
                rule(ask("points", ">=", 2000, "points_saved"), ask("points_redeemed_180d", "=", 0)),
                combinator="or",
            ),
        ),
        "order_type": "care", "purpose": "care", "priority": 8, "cooldown_days": 180, "daily_cap": 100,
        "hint": "Say how many points there are, how many expire and when, and what they buy today. Offer to redeem"
        " them on"
        " the call.",
        "hint_zh": "告知可用积分、即将到期的积分和日期，以及目前可兑换的内容；可在电话中协助兑换。",
    },
    {
        "code": "S15", "name": "Loyal customers", "name_zh": "用户忠诚度关怀",
        "explanation": "Long tenure, tier, renewals and good answers make the score: loyal customers stay, buy and"
        " recommend while they are noticed.",
        "explanation_zh": "网龄、会员级别、续约次数和满意度构成忠诚度得分；忠诚客户被重视时才会持续消费并推荐他人。",
        "rule": rule(
            IN_SERVICE,
            ask("loyalty_score", ">=", 70, "least_score"),
            ask("tenure_days", ">=", 1095, "tenure"),
            rule(ask("days_since_contact", "<=", 180, "days_without_contact"), negated=True),
            rule(ask("complaints_90d", ">=", 1), negated=True),
        ),
        "order_type": "care", "purpose": "care", "priority": 9, "cooldown_days": 365, "daily_cap": 50,
        "hint": "Thank for the years, name the network-age privilege, and ask whether family or friends may be"
        " told of us."
        " Sell nothing.",
        "hint_zh": "感谢多年支持，介绍网龄特权，询问是否愿意推荐家人朋友；本次不推销业务。",
    },
    {
        "code": "S19", "name": "New subscriber's first cycle", "name_zh": "新用户首周期关怀",
        "explanation": "The first bill decides whether what was promised is believed; most early leavers were"
        " never asked.",
        "explanation_zh": "首张账单决定客户是否认可办理时的承诺；早期离网用户大多未被回访过。",
        "rule": rule(
            IN_SERVICE,
            ask("tenure_days", ">=", 25, "from_day"),
            ask("tenure_days", "<=", 60, "until_day"),
            ask("bills_6m", "<=", 1, "bills"),
        ),
        "order_type": "new_subscriber_visit", "purpose": "care", "priority": 5, "cooldown_days": 365, "daily_cap": 100,
        "hint": "Go through the first bill line by line, ask about network and data, and complete the contact data.",
        "hint_zh": "逐项解释首月账单，了解信号和上网体验，核对并完善用户资料。",
    },
]  # fmt: skip
