"""Lines of one household that a bundle would serve."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

BUNDLES: list[dict[str, Any]] = [
    {
        # Of a household only the line that decides is called; who is in a contract keeps his plan until it ends.
        "code": "S25", "name": "Household/enterprise bundle fit", "name_zh": "融合识别",
        "explanation": "Several lines of one household, found by account, bundle and calling circle, pay more than the"
        " bundle that would serve them; who has a bundle leaves less often.",
        "explanation_zh": "按账户、融合关系和关系圈识别的同一家庭多个号码，合计消费高于适配的融合套餐；"
        "办理融合的客户离网更少。",
        "rule": rule(
            IN_SERVICE,
            ask("bundle_candidate", "=", True),
            ask("bundle_lead", "=", True),
            ask("bundle_saving", ">=", 5, "least_saving"),
            ask("in_contract", "=", False),
            ask("profiling_opt_out", "=", False),
        ),
        "order_type": "bundle", "purpose": "marketing", "priority": 6, "cooldown_days": 90, "daily_cap": 200,
        "hint": "Ask which lines and broadband the household uses, and speak only of those the customer names. Never"
        " name other people or say that calls were compared.",
        "hint_zh": "先了解家庭在用的号码和宽带，只谈客户自己提到的号码；不得提及他人，也不得透露通话关系分析。",
    },
]  # fmt: skip
