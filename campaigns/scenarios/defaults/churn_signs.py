"""Nightly: signs of leaving in scores, use and spend."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

CHURN_SIGNS: list[dict[str, Any]] = [
    {
        "code": "S13", "name": "Churn-warning customers", "name_zh": "流失预警用户",
        "explanation": "The churn model puts the line among those most likely to leave, and a contact is worth its"
        " cost.",
        "explanation_zh": "流失模型判断该用户离网概率高，且接触的预期收益为正。",
        "rule": rule(
            IN_SERVICE,
            rule(
                ask("risk_tier", "in", ["high", "critical"]), ask("risk_decile", "=", 1, "top_decile"), combinator="or"
            ),
            rule(ask("expected_gain", "<=", 0, "least_gain"), negated=True),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 2, "cooldown_days": 30, "daily_cap": 500,
        "hint": "Listen first: ask what could be better before any offer.",
        "hint_zh": "先倾听：先问客户哪里不满意，再谈优惠。",
    },
    {
        "code": "S17", "name": "Zero calls for five days", "name_zh": "连续五天零通话",
        "explanation": "A line that used to call daily and falls silent for days has often been replaced by"
        " another card.",
        "explanation_zh": "平时话务正常的号码突然连续多日零通话，多数已被其他卡替代。",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            ask("zero_call_days", ">=", 5, "silent_days"),
            ask("calls_out_base", ">=", 20, "usual_calls"),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 3, "cooldown_days": 30, "daily_cap": 300,
        "hint": "Ask whether the phone or the card gives trouble; a second SIM is often the cause.",
        "hint_zh": "询问手机或卡是否有问题；客户常常是换用了第二张卡。",
    },
    {
        "code": "C6-group", "name": "Group leaving", "name_zh": "集体离网",
        "explanation": "When members of a family or firm leave or forward their calls, the others follow within weeks.",
        "explanation_zh": "家庭或集团中有成员离网或呼转异网，其余成员往往在数周内跟随。",
        "rule": rule(
            IN_SERVICE,
            ask("group_size", ">=", 3, "members"),
            ask("arpu", ">=", 80, "mid_value"),
            rule(
                ask("group_left_90d", ">=", 0.25, "left_share"),
                rule(ask("group_left_90d", ">=", 0.1), ask("group_forward_share", ">=", 0.15, "forwarding_share")),
                combinator="or",
            ),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 3, "cooldown_days": 60, "daily_cap": 200,
        "hint": "Speak to the person who decides for the group or family. Do not name others who have left.",
        "hint_zh": "联系集团或家庭的决策人，不要提及其他成员离网的情况。",
    },
    {
        "code": "C6-second-sim", "name": "Second SIM suspected", "name_zh": "双卡嫌疑",
        "explanation": "Outgoing calls fall while incoming ones stay: a second card makes the calls and this"
        " number only receives.",
        "explanation_zh": "主叫下降而被叫不变：客户可能用另一张卡拨打，本号码仅用于接听。",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            ask("arpu", ">=", 80, "mid_value"),
            ask("in_share_change", ">=", 0.12, "rise"),
            ask("calls_out_change", "<=", -0.3, "fall"),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 4, "cooldown_days": 60, "daily_cap": 200,
        "hint": "Ask what calls and data are used for today and which plan would bring them back to this number.",
        "hint_zh": "了解客户目前通话和流量的使用去向，推荐能让其回到本号码使用的套餐。",
    },
    {
        "code": "S4", "name": "Mid/high-value spend falls suddenly", "name_zh": "中高端话费突减预警",
        "explanation": "A valuable customer's spend drops by a third or more: use has gone elsewhere before the"
        " line follows.",
        "explanation_zh": "中高端客户话费突降三成以上，说明使用量已在转移，号码随后可能离网。",
        "rule": rule(
            IN_SERVICE,
            ask("arpu", ">=", 80, "mid_value"),
            ask("bill_change", "<=", -0.3, "fall"),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 4, "cooldown_days": 60, "daily_cap": 300,
        "hint": "The bill fell: check whether calls and data went elsewhere or a discount came in.",
        "hint_zh": "话费下降：确认是使用转到异网，还是享受了新优惠。",
    },
]  # fmt: skip
