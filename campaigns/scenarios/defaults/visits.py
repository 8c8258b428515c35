"""Nightly: whom each visit is for 回访范围. A centre switches on what it has people for; whom the gate leaves out is
not repeated here. The visit of new subscribers is S19."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

# Who has just joined has a visit of his own (S19), and is left out of the bases of source and matrices.
_SETTLED = ask("tenure_months", ">=", 3, "least_tenure")


def _not_lately(days: int) -> dict[str, Any]:
    """Nobody of ours has spoken with the customer for so long, or ever."""
    asked = ask("days_since_contact", ">=", days, "days_since_contact"), ask("days_since_contact", "null", None)
    return rule(*asked, combinator="or")


VISITS: list[dict[str, Any]] = [
    {
        "code": "W10-value", "name": "Visit scope: mid- and high-value customers", "name_zh": "中高端回访范围",
        "explanation": "Customers of middle and high value are spoken to once a quarter by the person who answers for"
        " them, before anything is wrong.",
        "explanation_zh": "中高端客户每季度由专属客户经理主动回访一次，在问题出现之前了解使用感受。",
        "rule": rule(
            IN_SERVICE, ask("line_type", "=", "mobile"), ask("arpu", ">=", 80, "least_spend"), _SETTLED,
            _not_lately(90),
        ),
        "order_type": "mid_high_value_visit", "purpose": "care", "priority": 4, "cooldown_days": 90, "daily_cap": 100,
        "enabled": False,
        "hint": "Introduce yourself as the customer's contact. Ask how network, bill and service are before you speak"
        " of any offer.",
        "hint_zh": "先说明您是其专属客户经理，了解信号、账单和服务感受，再谈优惠。",
    },
    {
        "code": "W10-network", "name": "Visit scope: full network", "name_zh": "全网回访范围",
        "explanation": "Every other mobile customer hears from us twice a year, so that data are true and a line that"
        " is hardly used is noticed.",
        "explanation_zh": "其余移动客户每半年回访一次，核实资料并及时发现号码闲置的情况。",
        "rule": rule(
            IN_SERVICE, ask("line_type", "=", "mobile"), ask("arpu", "<", 80, "most_spend"), _SETTLED,
            _not_lately(180),
        ),
        "order_type": "full_network_visit", "purpose": "care", "priority": 8, "cooldown_days": 180, "daily_cap": 200,
        "enabled": False,
        "hint": "A short call: is it the main number, does the plan fit, is anything open?",
        "hint_zh": "简短回访：是否主用号码、套餐是否合适、有无待解决的问题。",
    },
    {
        "code": "W10-broadband", "name": "Visit scope: broadband", "name_zh": "宽带维系范围",
        "explanation": "A broadband line leaves when its contract ends, after faults that came back, or once it is"
        " hardly used: these lines are visited first.",
        "explanation_zh": "宽带离网多发生在协议到期、反复报障或很少使用之后，优先回访这些用户。",
        "rule": rule(
            IN_SERVICE, ask("line_type", "=", "broadband"), _SETTLED, _not_lately(90),
            rule(
                ask("contract_days_left", "<=", 90, "days_ahead"),
                ask("faults_90d", ">=", 2, "faults"),
                ask("active_days", "<=", 5, "days_used"),
                combinator="or",
            ),
        ),
        "order_type": "broadband_care", "purpose": "retention", "priority": 5, "cooldown_days": 90, "daily_cap": 100,
        "enabled": False,
        "hint": "Ask for the speed in every room first. Faults: say what was done about them. Contract: say when it"
        " ends and what stays.",
        "hint_zh": "先了解各房间网速；有报障的说明处理结果；临近到期的告知到期日和可保留的权益。",
    },
    {
        "code": "W10-landline", "name": "Visit scope: wireless landline", "name_zh": "无线座机维系范围",
        "explanation": "A wireless landline that is put away is terminated at the next bill: it is visited when it goes"
        " quiet, when calls break off, or before its contract ends.",
        "explanation_zh": "闲置的无线座机往往在下次缴费时拆机，在停用、掉话偏多或协议到期前回访。",
        "rule": rule(
            IN_SERVICE, ask("line_type", "=", "wireless_landline"), _SETTLED, _not_lately(90),
            rule(
                ask("zero_call_days", ">=", 10, "silent_days"),
                ask("dropped_rate", ">=", 0.05, "dropped"),
                ask("contract_days_left", "<=", 60, "days_ahead"),
                combinator="or",
            ),
        ),
        "order_type": "wireless_landline_care", "purpose": "retention", "priority": 6, "cooldown_days": 90,
        "daily_cap": 50, "enabled": False,
        "hint": "Ask whether the set works where it stands and who uses it. Broken: have it exchanged. Little used:"
        " offer the smaller plan.",
        "hint_zh": "了解话机能否正常使用、由谁使用；有故障的安排更换，使用少的推荐更低资费。",
    },
]  # fmt: skip
