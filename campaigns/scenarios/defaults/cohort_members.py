"""Members of a snapshot cohort who are likely to be lost."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

COHORT_MEMBERS: list[dict[str, Any]] = [
    {
        # One sign is enough: each member has an owner who answers for keeping it. The floors keep small changes out.
        "code": "S1", "name": "Snapshot-cohort member likely to be lost", "name_zh": "拍照用户不保有预警",
        "explanation": "A customer of the frozen mid/high-value base shows a sign of leaving: high risk, less spend,"
        " far fewer calls, or calls forwarded to another network. Losing one counts against base and owner.",
        "explanation_zh": "拍照锁定的中高端用户出现离网迹象：高风险、话费下降、主叫大幅减少或呼转异网。"
        "流失将计入拍照保有率及责任人考核。",
        "rule": rule(
            IN_SERVICE,
            ask("in_cohort", "=", True),
            rule(
                ask("risk_tier", "in", ["high", "critical"]),
                rule(ask("arpu", ">=", 60, "least_spend"), ask("bill_change", "<=", -0.3, "spend_fall")),
                rule(ask("calls_out_base", ">=", 20, "usual_calls"), ask("calls_out_change", "<=", -0.5, "calls_fall")),
                ask("forwarded_rival_recent", ">=", 5, "forwarded_calls"),
                combinator="or",
            ),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 2, "cooldown_days": 30, "daily_cap": 300,
        "hint": "One of the customers you answer for: give thanks for the years, ask what has changed, then say what"
        " can be kept or improved.",
        "hint_zh": "该客户属于您负责保有的拍照用户：先感谢长期支持，了解近期变化，再说明可保留或优化的权益。",
    },
]  # fmt: skip
