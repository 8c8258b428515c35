"""As events arrive."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

# For events: finds lines of which nothing is known yet, too.
NOT_GONE = rule(ask("status", "=", "terminated"), negated=True)

# A termination request has the highest priority: customer and billing wait for the answer.
ON_EVENTS: list[dict[str, Any]] = [
    {
        "code": "S23", "name": "Termination request", "name_zh": "预拆机",
        "explanation": "The customer has asked to end the line: the last call in which the reason can be found and"
        " the line be kept.",
        "explanation_zh": "客户已申请拆机：这是了解原因并挽留的最后一次机会。",
        "trigger": "event", "event_kinds": ["termination_request"], "rule": NOT_GONE,
        "order_type": "termination_retention", "purpose": "service", "priority": 1, "due_hours": 2, "cooldown_days": 0,
        "hint": "The line is not terminated while you work this order: ask for the reason before any offer.",
        "hint_zh": "处理本工单期间暂不拆机：先问清原因，再谈优惠。",
    },
    {
        "code": "S20", "name": "Port-out eligibility inquiry", "name_zh": "携转资格查询",
        "explanation": "Who asks whether the number may be ported has a rival's offer at hand and usually decides"
        " within two weeks.",
        "explanation_zh": "查询携转资格的客户手中多半已有异网方案，通常两周内作出决定。",
        "trigger": "event", "event_kinds": ["port_out_inquiry"], "rule": NOT_GONE,
        "order_type": "churn_retention", "purpose": "retention", "priority": 1, "due_hours": 4, "cooldown_days": 7,
        "hint": "Do not mention the inquiry: ask how satisfied the customer is and what another operator offers.",
        "hint_zh": "不要提及查询记录：了解满意度以及其他运营商的优惠。",
    },
    {
        "code": "S3", "name": "Mid/high-value customer forwards calls to a rival", "name_zh": "中高端呼转异网预警",
        "explanation": "Calls forwarded to another network mean that a rival's card is in use and this number is"
        " only kept for a while.",
        "explanation_zh": "呼转到异网说明客户已在使用异网号码，本网号码往往只是过渡保留。",
        "trigger": "event", "event_kinds": ["forward_set"],
        "rule": rule(IN_SERVICE, ask("arpu", ">=", 80, "mid_value")),
        "order_type": "churn_retention", "purpose": "retention", "priority": 2, "due_hours": 24, "cooldown_days": 30,
        "hint": "Ask whether a second number is in use, and what for.",
        "hint_zh": "了解客户是否在用第二个号码以及用途。",
    },
    {
        "code": "S22", "name": "Abandoned online order", "name_zh": "网厅商机",
        "explanation": "An order given up on the way shows a wish that was not met; help within hours brings most"
        " of them back.",
        "explanation_zh": "网厅订单中途放弃说明客户有需求但受阻，数小时内协助办理成功率最高。",
        "trigger": "event", "event_kinds": ["online_abandon"], "rule": NOT_GONE,
        "order_type": "opportunity", "purpose": "care", "priority": 3, "due_hours": 8, "cooldown_days": 7,
        "hint": "Offer to finish the order together on the phone.",
        "hint_zh": "可在电话中协助客户完成订单。",
    },
]  # fmt: skip
