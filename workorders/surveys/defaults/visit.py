"""New-subscriber visit 新入网回访: is the line's data true, is it really used, and how was it sold."""

from workorders.surveys.defaults.parts import (
    ALWAYS,
    CLOSING,
    NO,
    YES,
    among,
    at_most,
    multiple,
    option,
    say,
    scale,
    single,
    text,
)

NEW_SUBSCRIBER_VISIT = {
    "code": "new_subscriber_visit",
    "name": "New-subscriber visit",
    "name_zh": "新入网用户回访",
    "tree": {
        "blocks": [
            say("greeting", (
                "Good day, this is {agent} of customer care. Am I speaking with {customer}? You have joined us lately; "
                "may I take two minutes to hear how it went?",
                "您好，我是客户服务中心的{agent}，请问您是{customer}吗？感谢您近期入网，想占用您两分钟做个回访，可以吗？",
            )),
            single(
                "real_user", ("Does the person on the phone use this line?", "接听人是否为本机使用人？"),
                option("owner", ("Yes, and it is registered to them", "是，机主本人使用"), 3),
                option("family", ("Used by family or staff", "家人或员工使用"), 2),
                option("other", ("Knows nothing of the line", "非本人办理，不知情"), 0, "sorry"),
                option("refuses", ("Does not say", "拒绝核实"), 0, "closing"),
                required=ALWAYS,
            ),
            single(
                "data_true", ("Name and identity data agree with what is registered?", "姓名、证件等登记资料是否属实？"),
                option("true", ("All agrees", "完全属实"), 3),
                option("outdated", ("Partly outdated", "部分资料需更新"), 2),
                option("false", ("Does not agree", "资料不属实")),
                option("unchecked", ("Could not be checked", "未能核实")),
                required=ALWAYS,
            ),
            text("data_correct", ("What is right instead?", "需更正的资料内容"), when=among("data_true", "outdated", "false")),
            single(
                "in_use", ("Is the line in use?", "号码目前是否在正常使用？"),
                option("main", ("Yes, as the main line", "在用，为主号"), 3),
                option("second", ("Yes, as a second line", "在用，为副号"), 2),
                option("rarely", ("Hardly", "很少使用"), 1),
                option("stopped", ("No, stopped", "已停用")),
                required=ALWAYS,
            ),
            multiple(
                "why_stopped", ("Why is it not used?", "停用或少用的原因"),
                option("signal", ("Network", "信号不好")),
                option("price", ("Price", "资费偏高")),
                option("gift", ("Taken only for the gift or handset", "仅为领取赠品或手机")),
                option("pressed", ("Talked into it", "被推荐办理，并无需要")),
                option("other", ("Other", "其他")),
                when=among("in_use", "rarely", "stopped"),
            ),
            single(
                "channel", ("Where was the line taken out?", "您是在哪里办理入网的？"),
                option("hall", ("Our own shop", "自有营业厅")),
                option("agency", ("Agency", "代理网点")),
                option("online", ("Online", "网上营业厅")),
                option("door", ("At the door or a stand", "上门或摆摊促销")),
                option("unknown", ("Does not know", "不清楚")),
                required=ALWAYS,
            ),
            scale("channel_served", ("How well were you served there, from 1 to 5?", "对办理网点的服务，1 到 5 分您打几分？")),
            text("channel_wrong", ("What went wrong there?", "具体哪些方面不满意？"), when=at_most("channel_served", 2)),
            single(
                "handset", ("Did a handset come with the line?", "入网时是否购买或获赠手机终端？"),
                option("bought", ("Yes, bought", "是，购机入网")),
                option("given", ("Yes, given", "是，赠送终端")),
                option("none", NO),
            ),
            scale(
                "handset_content", ("How content are you with the handset, from 1 to 5?", "对该手机终端，1 到 5 分您打几分？"),
                when=among("handset", "bought", "given"),
            ),
            single(
                "policy_told", ("Were price, term and conditions of {plan} explained?",
                                "办理时是否向您讲明{plan}的资费、合约期和优惠条件？"),
                option("fully", ("Yes, fully", "已讲明"), 3),
                option("partly", ("Partly", "部分讲明"), 1),
                option("no", ("No", "未讲明")),
                required=ALWAYS,
            ),
            single(
                "policy_understood", ("Does the customer know what is paid each month?", "客户是否清楚每月应缴费用？"),
                option("yes", YES, 2),
                option("no", NO),
            ),
            say(
                "explain_policy", (
                    "Let me explain it: what you pay each month, until when, and what ends when you leave earlier.",
                    "我为您说明一下：每月的费用、合约到期时间，以及提前解约的规定。",
                ),
                when=among("policy_told", "partly", "no"),
            ),
            scale("content", ("All in all, how content are you with us, from 1 to 5?", "总体来说，1 到 5 分您对我们打几分？"),
                  required=ALWAYS),
            say("go_close", ("I have noted everything.", "您反馈的内容我已全部登记。"), goto="closing"),
            say("sorry", (
                "I am sorry to have disturbed you. I note that this line is not yours, and it is looked into.",
                "抱歉打扰您，该号码并非您本人办理的情况我已登记，后续会有专人核查。",
            )),
            CLOSING,
        ]
    },
}  # fmt: skip
