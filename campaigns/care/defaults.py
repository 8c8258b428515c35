"""The 22 kinds of the care calendar, S21. Data only; install_care() writes them.

`sms` kinds are listed only, until there is a message gateway; `call` kinds open care orders through the contact gate.
Kinds on events find a line when billing sends the event (`status-events`); the others are due by what is stored.
"""

from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule

CARD = ask("customer_tier", "in", ["silver", "gold", "diamond"])
TOP_CARD = ask("customer_tier", "in", ["gold", "diamond"])
MID_VALUE = ask("arpu", ">=", 80, "mid_value")
PERSON = ask("customer_kind", "=", "individual")
IN_USE = rule(IN_SERVICE)
NOT_GONE = rule(ask("status", "=", "terminated"), negated=True)


def call(order: dict[str, Any], *, daily_cap: int) -> dict[str, Any]:
    return order | {"action": "open_order", "order_type": "care", "channel": "call", "daily_cap": daily_cap}


def sms(order: dict[str, Any]) -> dict[str, Any]:
    return order | {"action": "report_only", "channel": "sms"}


def care(code: str, name: str, name_zh: str, text: str, text_zh: str, **settings: Any) -> dict[str, Any]:
    shared = {"rule": IN_USE, "purpose": "care", "priority": 8, "cooldown_days": 0, "calendar": "S21"}
    named = {"code": f"S21-{code}", "name": name, "name_zh": name_zh, "hint": text, "hint_zh": text_zh}
    return shared | named | settings


def on_event(*kinds: str, **settings: Any) -> dict[str, Any]:
    return {"trigger": "event", "event_kinds": list(kinds), "rule": NOT_GONE} | settings


KINDS: list[dict[str, Any]] = [
    sms(care(
        "birthday", "Birthday wish", "生日祝福关怀",
        "Dear {customer}, happy birthday on {day}! We wish you good health and every joy.",
        "尊敬的{customer}，{day}是您的生日，祝您生日快乐、身体健康、万事如意！",
        occasion="birthday", days=0, rule=rule(IN_SERVICE, PERSON), cooldown_days=300,
    )),
    call(care(
        "birthday-gift", "Birthday gift", "生日礼品馈赠",
        "Congratulate {customer} on the birthday of {day}, and ask when and where the gift may be handed over.",
        "祝贺{customer}{day}生日快乐，确认生日礼品的领取时间和地点。",
        occasion="birthday", days=3, rule=rule(IN_SERVICE, PERSON, TOP_CARD), cooldown_days=300,
    ), daily_cap=100),
    sms(care(
        "festival", "Festival", "节日关怀",
        "Dear {customer}, we wish you and your family a happy {name}.", "尊敬的{customer}，祝您和家人{name}快乐！",
        occasion="festival", days=0, rule=rule(IN_SERVICE, PERSON, MID_VALUE), cooldown_days=3,
        dates=["new_year", "spring_festival", "labour_day", "dragon_boat", "mid_autumn", "national_day"],
    )),
    sms(care(
        "health", "Health", "健康关怀",
        "Dear {customer}, the season is changing: take care of your health. Rest well and keep warm.",
        "尊敬的{customer}，换季时节请注意保暖、合理作息，祝您身体健康。",
        occasion="festival", days=0, rule=rule(IN_SERVICE, PERSON, CARD), cooldown_days=30,
        dates=["double_ninth", "04-07", "08-08", "11-08"],
    )),
    sms(care(
        "big-event", "Big or sudden event", "重大/突发事件关怀",
        "Dear {customer}, because of {name} from {day} our service is there for you: call 10000 for any help.",
        "尊敬的{customer}，因{day}{name}，如需任何通信帮助请拨打10000，我们随时为您服务。",
        occasion="notice", days=0,
    )),
    sms(care(
        "first-points", "First points", "积分第一次获取关怀",
        "Dear {customer}, you have your first {points} points. They can be exchanged for calls, data and gifts.",
        "尊敬的{customer}，您首次获得{points}积分，可兑换话费、流量和礼品。",
        occasion="first_points", days=1,
    )),
    sms(care(
        "points-change", "Points change", "积分变动关怀",
        "Dear {customer}, your points changed by {points} on {day}.",
        "尊敬的{customer}，您的积分于{day}变动{points}分。",
        occasion="points_change", days=1, rule=rule(IN_SERVICE, CARD),
    )),
    sms(care(
        "points-loss", "Points loss", "积分流失关怀",
        "Dear {customer}, {points} points ended on {day}. Call 10000 to hear how the others can be used.",
        "尊敬的{customer}，您的积分于{day}减少{points}分，其余积分的使用方法请咨询10000。",
        occasion="points_loss", days=1,
    )),
    sms(care(
        "points-expiry", "Points expiry", "积分清零预警关怀",
        "Dear {customer}, {points} points end on {day}: exchange them before.",
        "尊敬的{customer}，您有{points}积分将于{day}清零，请提前兑换。",
        occasion="points_expiry", days=30, cooldown_days=20,
    )),
    sms(care(
        "mailbox-full", "Mailbox full", "短信/彩信手机存储满提示",
        "Dear {customer}, messages could not be delivered on {day} because your store is full: please delete some.",
        "尊敬的{customer}，您的短信/彩信存储已满，{day}有信息未能送达，请及时清理。",
        **on_event("mailbox_full", cooldown_days=3),
    )),
    call(care(
        "data-failure", "Data service failure", "数据业务无法正常使用告警",
        "Data did not work for {customer} on {day}: check settings and handset together, and log a fault if it stays.",
        "{customer}{day}数据业务无法正常使用：协助检查设置和终端，仍未恢复的登记报障。",
        **on_event("data_failure", cooldown_days=3, priority=4),
    ), daily_cap=200),
    sms(care(
        "ringback-tone", "Ringback-tone refresh", "彩铃换歌提醒",
        "Dear {customer}, your ringback tone has played for long: new songs wait for you.",
        "尊敬的{customer}，您的彩铃已许久未更换，热门新歌等您来选。",
        **on_event("ringback_due", cooldown_days=30),
    )),
    sms(care(
        "payment", "Payment received", "客户缴费到帐关怀",
        "Dear {customer}, your payment of {amount} arrived on {day}. Thank you.",
        "尊敬的{customer}，您于{day}缴纳的{amount}已到帐，感谢您的支持。",
        occasion="payment", days=1, rule=NOT_GONE,
    )),
    sms(care(
        "gift-credited", "Gift credited", "优惠到帐关怀",
        "Dear {customer}, your gift was credited on {day}.", "尊敬的{customer}，您的优惠已于{day}到帐。",
        **on_event("gift_credited"),
    )),
    sms(care(
        "green-bill", "Green bill", "绿色帐单关怀",
        "Dear {customer}, your green bill of {day} is ready online. Thank you for saving paper.",
        "尊敬的{customer}，您{day}的绿色帐单已生成，请上网查阅，感谢您支持环保。",
        **on_event("e_bill_issued", cooldown_days=20),
    )),
    sms(care(
        "balance", "Balance moves", "客户余额动态提醒",
        "Dear {customer}, your balance was {balance} on {day}.", "尊敬的{customer}，截至{day}您的余额为{balance}。",
        occasion="balance", days=1, cooldown_days=7,
        rule=rule(IN_SERVICE, ask("pay_mode", "=", "prepaid"), ask("balance", "<", 30, "low_balance")),
    )),
    call(care(
        "after-complaint", "After-complaint call", "投诉客户回访关怀",
        "The complaint of {customer} was closed on {day}: ask whether it is solved, and how the handling was.",
        "{customer}的投诉已于{day}办结：回访是否解决、对处理是否满意。",
        occasion="complaint", days=3, rule=NOT_GONE, cooldown_days=7, priority=4,
    ), daily_cap=200),
    sms(care(
        "tier-change", "Tier change", "会员客户状态变更关怀",
        "Dear {customer}, your membership tier changed on {day}. Call 10000 to hear what it brings you.",
        "尊敬的{customer}，您的会员级别已于{day}变更，相应权益请咨询10000。",
        **on_event("tier_change"),
    )),
    call(care(
        "card-issue", "Member card issue", "会员卡发放",
        "{customer} got a member card on {day}: ask whether it has arrived, and explain what it is good for.",
        "{customer}的会员卡已于{day}发放：确认是否收到，并介绍会员权益。",
        **on_event("card_issued", priority=7),
    ), daily_cap=100),
    sms(care(
        "online-order", "Online order", "网厅业务订购关怀",
        "Dear {customer}, the service you ordered online on {day} is being set up. Thank you.",
        "尊敬的{customer}，您{day}在网厅订购的业务正在办理，感谢您的使用。",
        **on_event("online_order"),
    )),
    sms(care(
        "online-payment", "Online payment or query", "网厅缴费查询关怀",
        "Dear {customer}, thank you for using the online shop on {day}. How was it? Call 10000.",
        "尊敬的{customer}，感谢您{day}使用网厅缴费或查询，如有意见请拨打10000。",
        **on_event("online_payment", "online_query", cooldown_days=7),
    )),
    sms(care(
        "cut-over", "Network cut-over notice", "网络割接预告关怀",
        "Dear {customer}, for {name} on {day} service may be interrupted for a short time. We apologise.",
        "尊敬的{customer}，因{day}{name}，您的通信服务可能短时中断，敬请谅解。",
        occasion="notice", days=2,
    )),
]  # fmt: skip
