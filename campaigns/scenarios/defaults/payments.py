"""Nightly: stops for arrears, balances and deposits that run out.

Accounts whose credit is excellent pay by themselves: S6 and S7 remind them on the last day only. S5 leaves poor credit
to collection.
"""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, credit_or_unrated, rule

# Red list 红名单: never dunned nor stopped, so that nothing is to be said about arrears or a coming stop.
NOT_ON_RED_LIST = rule(ask("on_red_list", "=", True), negated=True)
PAYMENTS: list[dict[str, Any]] = [
    {
        "code": "S5", "name": "Stopped for arrears", "name_zh": "全网用户欠费停机",
        "explanation": "Usually pays and is stopped now: often a missed bill, and each day stopped brings the end"
        " of the line closer.",
        "explanation_zh": "平时缴费正常却被停机，多因漏看账单；停机越久越容易离网。",
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
        "explanation": "The month-end deduction is larger than what is there: one call before it saves the stop"
        " and the anger.",
        "explanation_zh": "月底扣帐金额大于余额，提前一次提醒可避免停机和投诉。",
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
        "explanation": "Money in advance runs out while calls fall: the customer will hardly top up again unless"
        " somebody asks why.",
        "explanation_zh": "预存将尽且话务下降，客户很可能不再充值，需要主动了解原因。",
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
        "explanation": "A small balance will stop the line within days; who is not warned may use another card"
        " meanwhile.",
        "explanation_zh": "余额过低数日内将停机，未获提醒的客户可能改用其他卡。",
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
]  # fmt: skip
