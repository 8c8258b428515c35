"""Nightly: customers who chose to leave. A rule on leaving looks at those who can be called"
" (customers.profile.queries.leavers)."""

from typing import Any

from campaigns.audiences.defaults import ask, rule

WINNING_BACK: list[dict[str, Any]] = [
    {
        "code": "S24", "name": "Win-back", "name_zh": "离网赢回",
        "explanation": "A month after leaving, the rival's promises have met its first bills; after a season the"
        " new number"
        " is known to everybody.",
        "explanation_zh": "离网一个月后，客户已看到异网的首张账单；再过几个月，新号码已被亲友熟知，难以赢回。",
        "rule": rule(
            ask("days_since_left", ">=", 30, "from_day"),
            ask("days_since_left", "<=", 90, "until_day"),
            ask("left_reason", "in", ["port_out", "voluntary"]),
            ask("left_spend", ">=", 50, "least_spend"),
            # Another line of the account may be in debt as well.
            rule(ask("arrears", ">", 0), ask("bills_unpaid", ">=", 1), combinator="or", negated=True),
        ),
        "order_type": "win_back", "purpose": "retention", "priority": 6, "cooldown_days": 180, "daily_cap": 100,
        "hint": "Ask how it goes there before you offer anything. Say what has changed since for the reason of"
        " leaving, and"
        " that the old number may come back.",
        "hint_zh": "先了解目前使用情况，再谈优惠；针对离网原因说明我们的改进，携转客户可携号转回。",
    },
]  # fmt: skip
