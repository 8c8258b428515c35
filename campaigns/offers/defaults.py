"""The offers that ship, and the ceilings of the roles. Data only; install_offers() writes the offers and finds the
policies and plans of the operator.
"""

from decimal import Decimal
from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, credit_or_unrated, rule
from retention.core.accounts.roles import Role

# `terms`: which row of the operator's own catalogue the offer gives, see campaigns.offers.services.installation.
LONGEST_POLICY, SHORTEST_POLICY, CHEAPEST_PLAN, ROOMY_PLAN = "longest", "shortest", "cheapest", "roomy"
# What an offer may cost at most over its term that a person of the role gives without asking; None for no limit.
CEILINGS: dict[str, Decimal | None] = {
    Role.AGENT: Decimal(300), Role.SUPERVISOR: Decimal(2000), Role.MANAGER: Decimal(20_000), Role.ADMINISTRATOR: None,
}  # fmt: skip

# `valid_days`: from the day on which it is installed. `pool`: of the whole base.
OFFERS: list[dict[str, Any]] = [
    {
        "code": "renew-long", "family": "renewal", "repeat_months": 6, "handling_cost": "3", "terms": LONGEST_POLICY,
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
        "code": "renew-short", "family": "renewal", "repeat_months": 6, "handling_cost": "3", "terms": SHORTEST_POLICY,
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
        "code": "plan-roomy", "family": "plan_change", "repeat_months": 6, "handling_cost": "3", "terms": ROOMY_PLAN,
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
        "code": "plan-saver", "family": "plan_change", "repeat_months": 6, "handling_cost": "3", "terms": CHEAPEST_PLAN,
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
        "code": "gift-data", "family": "care", "repeat_months": 6, "gift": "Data voucher, 10 GB a month for 3 months",
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
        "code": "gift-credit", "family": "care", "repeat_months": 3,
        "gift": "20 yuan off the next bill", "gift_zh": "下月账单减免 20 元",
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
    {
        "code": "deposit-gift", "family": "deposit_gift", "deposit": "100", "value": "50", "cost": "50",
        "handling_cost": "2", "bound_months": 12, "clawback": "50", "repeat_months": 12,
        "gift": "50 yuan of call credit, 5 yuan a month for 10 months",
        "gift_zh": "赠送话费 50 元，分 10 个月返还，每月 5 元",
        "name": "Deposit 100, get 50", "name_zh": "存 100 送 50",
        "pitch": "Pay 100 yuan in advance for your own calls, and we add 50 yuan over ten months.",
        "pitch_zh": "预存 100 元话费，额外赠送 50 元，分十个月返还到账。",
        "rule": rule(
            IN_SERVICE,
            ask("tenure_months", ">=", 6, "least_tenure"),
            ask("in_contract", "=", False),
            credit_or_unrated(">=", 50, "least_credit"),
        ),
    },
    {
        "code": "bonus-points", "family": "points", "value": "20", "cost": "16", "repeat_months": 6,
        "gift": "2,000 bonus points", "gift_zh": "赠送 2000 积分",
        "name": "Bonus points", "name_zh": "送积分",
        "pitch": "We add 2,000 points to your account; you can exchange them in the points mall today.",
        "pitch_zh": "为您赠送 2000 积分，今天即可在积分商城兑换。",
        "rule": rule(IN_SERVICE, ask("tenure_months", ">=", 12, "least_tenure"), ask("points", ">=", 1)),
    },
    {
        "code": "offpeak-minutes", "family": "minutes", "value": "36", "cost": "6", "repeat_months": 6,
        "gift": "200 off-peak minutes a month for 6 months", "gift_zh": "闲时通话包，每月 200 分钟，连续 6 个月",
        "name": "Off-peak minutes pack", "name_zh": "送闲时通话包",
        "pitch": "You call a lot. From nine in the evening, 200 minutes a month are free for half a year.",
        "pitch_zh": "您通话较多，每晚九点后每月赠送 200 分钟，连续半年。",
        "rule": rule(
            IN_SERVICE, ask("line_type", "=", "mobile"), ask("voice_used_share", ">=", 0.7, "much_used")
        ),
    },
    {
        "code": "prize-draw", "family": "draw", "value": "5", "cost": "5", "repeat_months": 3, "valid_days": 365,
        "gift": "One ticket for the monthly prize draw", "gift_zh": "月度抽奖机会一次",
        "pool": {"stock": 5000, "budget": "25000"},
        "name": "Prize draw", "name_zh": "老用户抽奖",
        "pitch": "As a customer of ours you take part in this month's draw at no charge.",
        "pitch_zh": "感谢您一直使用我们的服务，本月可免费参加一次抽奖。",
        "rule": rule(IN_SERVICE, ask("tenure_months", ">=", 3, "least_tenure")),
    },
    {
        "code": "business-year", "family": "small_business", "deposit": "600", "value": "120", "cost": "120",
        "handling_cost": "5", "bound_months": 12, "clawback": "120", "repeat_months": 12,
        "gift": "Services for small firms, twelve months for the price of ten",
        "gift_zh": "小业务包年，预付十个月使用十二个月",
        "name": "Small-business annual package", "name_zh": "小业务包年",
        "pitch": "Pay the services of your firm for ten months now and use them for twelve.",
        "pitch_zh": "小业务一次办理一年，预付十个月即可使用十二个月。",
        "rule": rule(
            IN_SERVICE,
            ask("customer_kind", "=", "enterprise"),
            ask("lines_of_customer", "<=", 20, "most_lines"),
            ask("vas_count", ">=", 1),
        ),
    },
    {
        "code": "network-age", "family": "network_age", "value": "60", "cost": "12", "repeat_months": 12,
        "gift": "5 GB a month for 12 months, for long membership",
        "gift_zh": "网龄特权：每月 5GB 流量，连续 12 个月",
        "name": "Network-age privilege", "name_zh": "网龄特权",
        "pitch": "You have been with us for years: five gigabytes a month are yours for a year.",
        "pitch_zh": "您是我们的老用户，享受网龄特权，每月加送 5GB 流量，为期一年。",
        "rule": rule(IN_SERVICE, ask("line_type", "=", "mobile"), ask("tenure_months", ">=", 60, "long_tenure")),
    },
    {
        "code": "partner-video", "family": "partner", "value": "45", "cost": "12", "repeat_months": 12,
        "valid_days": 365, "pool": {"stock": 2000, "budget": "24000"},
        "gift": "Three months' membership of a partner's video service", "gift_zh": "合作方视频会员 3 个月",
        "name": "Partner benefit: video", "name_zh": "异业联盟：视频会员",
        "pitch": "With our partner you watch films and series for three months at no charge.",
        "pitch_zh": "我们与合作方联合为您提供三个月视频会员，免费使用。",
        "rule": rule(
            IN_SERVICE, ask("line_type", "=", "mobile"), ask("data_used_share", ">=", 0.5, "much_used")
        ),
    },
    {
        # For lines that left: no risk, and no IN_SERVICE.
        "code": "welcome-back", "family": "care", "value": "60", "cost": "60", "handling_cost": "2",
        "repeat_months": 12,
        "gift": "10 yuan off each of the first six bills after coming back",
        "gift_zh": "回网后前 6 个月账单每月减免 10 元",
        "name": "Welcome back", "name_zh": "回网优惠",
        "pitch": "If you come back to us, we take ten yuan off each of your first six bills.",
        "pitch_zh": "如果您愿意重新入网，前六个月账单每月为您减免 10 元。",
        "rule": rule(
            ask("days_since_left", "<=", 180, "until_day"), ask("left_reason", "in", ["port_out", "voluntary"])
        ),
    },
]  # fmt: skip
