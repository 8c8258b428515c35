"""The scenarios that ship. Data only; install_scenarios() writes them.

Numbers with a `name` are what a manager is expected to tune. The order types are rows of workorders. Accounts whose
credit is excellent pay by themselves: S6 and S7 remind them on the last day only. S5 leaves poor credit to collection.
"""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, credit_or_unrated, rule

# Red list 红名单: never dunned nor stopped, so that nothing is to be said about arrears or a coming stop.
NOT_ON_RED_LIST = rule(ask("on_red_list", "=", True), negated=True)
# For events: finds lines of which nothing is known yet, too.
NOT_GONE = rule(ask("status", "=", "terminated"), negated=True)

# As events arrive. A termination request has the highest priority: customer and billing wait for the answer.
ON_EVENTS: list[dict[str, Any]] = [
    {
        "code": "S23", "name": "Termination request", "name_zh": "预拆机",
        "trigger": "event", "event_kinds": ["termination_request"], "rule": NOT_GONE,
        "order_type": "termination_retention", "purpose": "service", "priority": 1, "due_hours": 2, "cooldown_days": 0,
        "hint": "The line is not terminated while you work this order: ask for the reason before any offer.",
        "hint_zh": "处理本工单期间暂不拆机：先问清原因，再谈优惠。",
    },
    {
        "code": "S20", "name": "Port-out eligibility inquiry", "name_zh": "携转资格查询",
        "trigger": "event", "event_kinds": ["port_out_inquiry"], "rule": NOT_GONE,
        "order_type": "churn_retention", "purpose": "retention", "priority": 1, "due_hours": 4, "cooldown_days": 7,
        "hint": "Do not mention the inquiry: ask how satisfied the customer is and what another operator offers.",
        "hint_zh": "不要提及查询记录：了解满意度以及其他运营商的优惠。",
    },
    {
        "code": "S3", "name": "Mid/high-value customer forwards calls to a rival", "name_zh": "中高端呼转异网预警",
        "trigger": "event", "event_kinds": ["forward_set"],
        "rule": rule(IN_SERVICE, ask("arpu", ">=", 80, "mid_value")),
        "order_type": "churn_retention", "purpose": "retention", "priority": 2, "due_hours": 24, "cooldown_days": 30,
        "hint": "Ask whether a second number is in use, and what for.",
        "hint_zh": "了解客户是否在用第二个号码以及用途。",
    },
    {
        "code": "S22", "name": "Abandoned online order", "name_zh": "网厅商机",
        "trigger": "event", "event_kinds": ["online_abandon"], "rule": NOT_GONE,
        "order_type": "opportunity", "purpose": "care", "priority": 3, "due_hours": 8, "cooldown_days": 7,
        "hint": "Offer to finish the order together on the phone.",
        "hint_zh": "可在电话中协助客户完成订单。",
    },
]  # fmt: skip
NIGHTLY: list[dict[str, Any]] = [
    {
        "code": "S13", "name": "Churn-warning customers", "name_zh": "流失预警用户",
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
        "rule": rule(
            IN_SERVICE,
            ask("arpu", ">=", 80, "mid_value"),
            ask("bill_change", "<=", -0.3, "fall"),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 4, "cooldown_days": 60, "daily_cap": 300,
        "hint": "The bill fell: check whether calls and data went elsewhere or a discount came in.",
        "hint_zh": "话费下降：确认是使用转到异网，还是享受了新优惠。",
    },
    {
        "code": "S8", "name": "Policy/contract expiring", "name_zh": "政策到期预警",
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
    {
        "code": "S5", "name": "Stopped for arrears", "name_zh": "全网用户欠费停机",
        "rule": rule(
            ask("status", "=", "stopped"),
            NOT_ON_RED_LIST,
            rule(
                ask("status_reason", "=", "arrears"), ask("arrears", ">", 0), ask("bills_unpaid", ">=", 1),
                combinator="or",
            ),
            # Where stops are not sent as events, how long ago it was is not known.
            rule(ask("days_since_stop", ">", 30, "days"), negated=True),
            credit_or_unrated(">=", 50, "least_credit"),
        ),
        "order_type": "care", "purpose": "care", "priority": 5, "cooldown_days": 30, "daily_cap": 200,
        "hint": "The customer usually pays: ask whether the bill arrived and was right before you speak of the debt.",
        "hint_zh": "客户平时缴费正常：先确认是否收到账单、金额有无疑问，再提醒缴费复机。",
    },
    {
        "code": "S7", "name": "Will be stopped by the month-end deduction", "name_zh": "月底扣帐停机预警",
        "rule": rule(
            IN_SERVICE,
            NOT_ON_RED_LIST,
            ask("month_days_left", "<=", 5, "days_ahead"),
            ask("month_end_short", ">", 0),
            credit_or_unrated("<", 85, "sure_payer", ask("month_days_left", "<=", 1, "last_days")),
        ),
        "order_type": "care", "purpose": "care", "priority": 6, "cooldown_days": 25, "daily_cap": 200,
        "hint": "Say what will be deducted at the end of the month, how much is missing and how to top up.",
        "hint_zh": "告知月底将扣的费用、尚差的金额和充值方式。",
    },
    {
        "code": "S14", "name": "Deposit and call volume low", "name_zh": "预存及话务量预警",
        "rule": rule(
            IN_SERVICE,
            ask("voice_out_change", "<=", -0.3, "fall"),
            rule(
                rule(ask("pay_mode", "=", "prepaid"), ask("balance", "<", 30, "money_left")),
                rule(ask("deposit", ">", 0), ask("deposit", "<", 30, "money_left")),
                combinator="or",
            ),
        ),
        "order_type": "care", "purpose": "care", "priority": 6, "cooldown_days": 60, "daily_cap": 200,
        "hint": "Calls fell and the money in advance is nearly used: ask what has changed before naming a top-up gift.",
        "hint_zh": "话务量下降且预存将用完：先了解原因，再介绍存费送费活动。",
    },
    {
        "code": "S6", "name": "Small balance", "name_zh": "小余额提醒",
        "rule": rule(
            IN_SERVICE,
            NOT_ON_RED_LIST,
            ask("pay_mode", "=", "prepaid"),
            rule(ask("balance", "<", 10, "small_balance"), ask("balance_days", "<=", 3, "days_left"), combinator="or"),
            credit_or_unrated("<", 85, "sure_payer", ask("balance_days", "<=", 1, "last_days")),
        ),
        "order_type": "care", "purpose": "care", "priority": 7, "cooldown_days": 30, "daily_cap": 200,
        "hint": "Name the day on which the balance runs out and the ways to top up.",
        "hint_zh": "告知余额预计用完的日期和充值方式。",
    },
    {
        # One sign is enough: each member has an owner who answers for keeping it. The floors keep small changes out.
        "code": "S1", "name": "Snapshot-cohort member likely to be lost", "name_zh": "拍照用户不保有预警",
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
SCENARIOS = NIGHTLY + ON_EVENTS
