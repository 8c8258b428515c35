"""The offers that ship. Data only; install_offers() writes them and finds the policies and plans of the operator."""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, credit_or_unrated, rule

# `terms`: which row of the operator's own catalogue the offer gives, see campaigns.offers.services.installation.
LONGEST_POLICY, SHORTEST_POLICY, CHEAPEST_PLAN, ROOMY_PLAN = "longest", "shortest", "cheapest", "roomy"

OFFERS: list[dict[str, Any]] = [
    {
        "code": "renew-long", "kind": "renewal", "terms": LONGEST_POLICY,
        "name": "Renewal, longest contract", "name_zh": "长期合约续约",
        "pitch": "Your contract ends soon. With the long contract everything stays as it is and you get the most back.",
        "pitch_zh": "您的协议即将到期，选择长期合约可保留现有权益，返还也最多。",
        "rule": rule(
            IN_SERVICE,
            ask("contract_days_left", ">=", 0),
            ask("contract_days_left", "<=", 90, "days_ahead"),
            # What it gives is paid back over years.
            credit_or_unrated(">=", 50, "least_credit"),
        ),
    },
    {
        "code": "renew-short", "kind": "renewal", "terms": SHORTEST_POLICY,
        "name": "Renewal, short contract", "name_zh": "短期合约续约",
        "pitch": "If you do not want to commit for long, the short contract keeps your benefits as well.",
        "pitch_zh": "如果不想签太久，短期合约同样可以保留您的权益。",
        "rule": rule(
            IN_SERVICE,
            rule(
                ask("contract_days_left", "<=", 90, "days_ahead"),
                ask("contract_days_left", "null", None),
                combinator="or",
            ),
            ask("tenure_months", ">=", 6, "least_tenure"),
        ),
    },
    {
        "code": "plan-roomy", "kind": "plan_change", "terms": ROOMY_PLAN,
        "name": "Plan with more room", "name_zh": "升级大流量套餐",
        "pitch": "You use more than your plan includes. A bigger one costs less than your bills of the last months.",
        "pitch_zh": "您的使用量已超出套餐，升档后比近几个月的账单更划算。",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            ask("over_fee_share", ">=", 0.2, "beyond_fee"),
        ),
    },
    {
        "code": "plan-saver", "kind": "plan_change", "terms": CHEAPEST_PLAN,
        "name": "Saver plan", "name_zh": "降档省钱套餐",
        "pitch": "You use less than half of your plan. With the saver plan you pay for what you need.",
        "pitch_zh": "您的套餐使用不到一半，换成省钱套餐，用多少付多少。",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            ask("data_used_share", "<=", 0.5, "used_share"),
            ask("voice_used_share", "<=", 0.5, "used_share"),
        ),
    },
    {
        "code": "gift-data", "kind": "gift", "gift": "Data voucher, 10 GB a month for 3 months",
        "gift_zh": "流量券，每月 10GB，连续 3 个月",
        "name": "Data voucher", "name_zh": "赠送流量券",
        "value": "30", "cost": "6",
        "pitch": "To thank you for staying with us: ten gigabytes more every month for three months, at no charge.",
        "pitch_zh": "感谢您一直以来的支持，为您免费赠送三个月、每月 10GB 流量。",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            ask("tenure_months", ">=", 6, "least_tenure"),
        ),
    },
    {
        "code": "gift-credit", "kind": "gift", "gift": "20 yuan off the next bill", "gift_zh": "下月账单减免 20 元",
        "name": "Apology credit", "name_zh": "致歉话费",
        "value": "20", "cost": "20",
        "pitch": "You had to complain, and we are sorry. Twenty yuan are taken off your next bill.",
        "pitch_zh": "给您带来不便深表歉意，下月账单将为您减免 20 元。",
        "rule": rule(
            IN_SERVICE,
            rule(
                ask("complaints_90d", ">=", 1, "complaints"), ask("faults_90d", ">=", 2, "faults"), combinator="or"
            ),
        ),
    },
]  # fmt: skip
