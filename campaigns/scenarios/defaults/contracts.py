"""Nightly: the end of a contract, and a plan that does not fit."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

CONTRACTS: list[dict[str, Any]] = [
    {
        "code": "S8", "name": "Policy/contract expiring", "name_zh": "政策到期预警",
        "explanation": "Customers decide about staying in the weeks before the contract ends; after it nothing"
        " holds them.",
        "explanation_zh": "协议到期前数周是客户去留的决定期，到期后不再有约束。",
        "rule": rule(
            IN_SERVICE,
            ask("contract_days_left", ">=", 0),
            ask("contract_days_left", "<=", 60, "days_ahead"),
        ),
        "order_type": "renewal", "purpose": "renewal", "priority": 5, "cooldown_days": 90, "daily_cap": 300,
        "hint": "Say when the contract ends and what stays when it is renewed before.",
        "hint_zh": "告知协议到期日，以及提前续约可以保留的权益。",
    },
    {
        # Lines in a contract keep their plan until it ends; who pays less on a plan that earns less than the line is
        # worth with the risk of losing it is not told unasked (analytics.plan_fit.rules).
        "code": "S18", "name": "Plan fit", "name_zh": "套餐适配",
        "explanation": "Who pays for what the plan does not fit finds out sooner or later from a rival; the saving"
        " is computed from own use.",
        "explanation_zh": "套餐不适配的客户迟早会被异网资费吸引；可省金额按本人近三月使用量测算。",
        "rule": rule(
            IN_SERVICE,
            ask("plan_fit_months", ">=", 3, "months_rated"),
            ask("plan_fit_saving", ">=", 3, "least_saving"),
            ask("in_contract", "=", False),
            ask("plan_fit_pays", "=", True),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 5, "cooldown_days": 90, "daily_cap": 200,
        "hint": "Name what was used and paid in the last three months, then what the same use costs on the plan that"
        " fits. Change nothing before the customer says yes.",
        "hint_zh": "先说明近三个月的实际使用量和费用，再说明同样的使用量在适配套餐上的费用；客户同意后方可变更。",
    },
]  # fmt: skip
