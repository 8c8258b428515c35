"""Reasons of customers at risk 高危挽留 to leave and to stay, and of those who have left 离网赢回."""

from workorders.order_types.defaults.questions import REASON_TO_STAY
from workorders.surveys.defaults.parts import (
    ALWAYS,
    CLOSING,
    NO,
    YES,
    among,
    multiple,
    number,
    option,
    say,
    scale,
    single,
    text,
)

CHURN_REASONS = {
    "code": "churn_reasons",
    "name": "Reasons to leave",
    "name_zh": "流失原因调查",
    "tree": {
        "blocks": [
            say("greeting", (
                "Good day, {customer}, this is {agent} of customer care. You have been with us for some time, and we "
                "would like to know how satisfied you are. Is now a convenient moment?",
                "您好，{customer}，我是客户服务中心的{agent}。感谢您一直以来的支持，想了解一下您对目前号码的使用感受，"
                "请问现在方便吗？",
            )),
            single(
                "satisfied", ("Satisfied with the service", "对服务是否满意"),
                option("yes", ("Yes", "满意"), 2),
                option("partly", ("Partly", "一般"), 1),
                option("no", ("No", "不满意")),
            ),
            single(
                "main_reason", ("Main reason to leave", "主要离网原因"),
                option("price", ("Price or plan", "资费套餐")),
                option("network", ("Network quality", "网络质量")),
                option("rival_offer", ("Offer of a rival", "异网优惠")),
                option("service", ("Service", "服务问题")),
                option("no_need", ("No need any more", "不再需要"), 0, "no_need_why"),
                option("moved", ("Moved away", "迁居异地"), 0, "moved_to"),
                option("none", ("Does not want to leave", "无离网意向"), 5, "thanks"),
            ),
            single(
                "price_what", ("What is too dear?", "资费方面主要是哪一项？"),
                option("monthly", ("The monthly fee", "月租偏高")),
                option("extra", ("What comes on top of the plan", "套餐外费用多")),
                option("unclear", ("The bill is not clear", "帐单不清楚")),
                option("unused", ("Pays for more than is used", "套餐用不完")),
                when=among("main_reason", "price"),
            ),
            multiple(
                "network_what", ("What is wrong with the network?", "网络方面的具体问题"),
                option("home", ("Weak at home", "家里信号弱")),
                option("work", ("Weak at work", "单位信号弱")),
                option("slow", ("Slow data", "上网慢")),
                option("drops", ("Calls drop", "通话中断")),
                when=among("main_reason", "network"),
            ),
            single(
                "rival", ("Who made the offer?", "是哪家运营商？"),
                option("mobile", ("China Mobile", "中国移动")),
                option("unicom", ("China Unicom", "中国联通")),
                option("telecom", ("China Telecom", "中国电信")),
                option("broadnet", ("China Broadnet", "中国广电")),
                option("unsaid", ("Not said", "未透露")),
                when=among("main_reason", "rival_offer"),
            ),
            number("rival_price", ("Their price a month, in yuan", "对方月费（元）"), 0, 9999,
                   when=among("main_reason", "rival_offer")),
            text("service_what", ("What went wrong?", "具体是什么服务问题？"), when=among("main_reason", "service"),
                 required=among("main_reason", "service")),
            single(
                "stay_if", ("Stays if this is settled?", "如果问题解决，是否愿意继续使用？"),
                option("yes", ("Yes", "愿意"), 4),
                option("perhaps", ("Perhaps", "看方案"), 2),
                option("no", ("No", "不愿意")),
            ),
            single(
                "stay_reason", ("Main reason to stay", "主要留网原因"),
                *(option(one["value"], (one["label"], one["label_zh"])) for one in REASON_TO_STAY["choices"]),
                when=among("stay_if", "yes", "perhaps"),
            ),
            say("go_offer", ("Thank you for telling me. Here is what I can do for you today.",
                             "感谢您的反馈，针对您的情况，我今天可以为您这样处理。"), goto="closing"),
            single(
                "no_need_why", ("Why is the line not needed any more?", "不再需要的原因"),
                option("other_line", ("Has another line of ours", "已有本网其他号码")),
                option("other_operator", ("Has a line of another operator", "已有异网号码")),
                option("work_line", ("The employer gives one", "单位配号")),
                option("left_user", ("Whoever used it does not any more", "原使用人不再使用")),
                when=among("main_reason", "no_need"),
            ),
            say("go_keep", ("If you like, I set it to the smallest plan, and you keep the number.",
                            "如果您愿意，可以改为保号套餐，号码为您保留。"),
                when=among("main_reason", "no_need"), goto="closing"),
            text("moved_to", ("Where to?", "迁往哪里？"), when=among("main_reason", "moved")),
            say("go_moved", ("Your number works there just as here; let me look for the plan that fits.",
                             "您的号码在当地同样可以使用，我帮您看看合适的套餐。"),
                when=among("main_reason", "moved"), goto="closing"),
            say("thanks", ("I am glad to hear that. May I tell you what is new in your plan?",
                           "非常感谢您的认可，顺便为您介绍一下套餐的最新优惠。"), when=among("main_reason", "none")),
            CLOSING,
        ]
    },
}  # fmt: skip

WIN_BACK = {
    "code": "win_back",
    "name": "Win-back",
    "name_zh": "离网赢回",
    "tree": {
        "blocks": [
            say("greeting", (
                "Good day, {customer}, this is {agent} of your former operator. May I take two minutes of your time?",
                "您好，{customer}，我是您原来使用的运营商的{agent}，请问方便占用您两分钟时间吗？",
            )),
            single(
                "why_left", ("Why did you leave?", "离网原因"),
                option("price", ("Price or plan", "资费套餐")),
                option("network", ("Network quality", "网络质量")),
                option("rival_offer", ("Offer of a rival", "异网优惠")),
                option("service", ("Service", "服务问题")),
                option("no_need", ("No need any more", "不再需要")),
                option("moved", ("Moved away", "迁居异地")),
                required=ALWAYS,
            ),
            single(
                "now_with", ("What do you use now?", "目前使用情况"),
                option("rival", ("Another operator", "异网号码")),
                option("own", ("Another line of ours", "本网其他号码"), 3),
                option("nothing", ("Nothing", "不再使用"), 1),
            ),
            scale("now_content", ("How content are you there, from 1 to 5?", "对目前使用的号码，1 到 5 分您打几分？"),
                  when=among("now_with", "rival")),
            number("bound_months", ("For how many months are you bound there?", "对方合约还剩几个月？"), 0, 60,
                   when=among("now_with", "rival")),
            single(
                "come_back", ("Would you come back?", "是否愿意重新入网？"),
                option("yes", ("Yes", "愿意"), 5),
                option("if", ("If the conditions are right", "条件合适可以考虑"), 3),
                option("no", ("No", "不愿意"), 0, "no_more"),
                required=ALWAYS,
            ),
            multiple(
                "needs", ("What would it take?", "希望满足哪些条件？"),
                option("price", ("A lower price", "更低资费")),
                option("data", ("More data", "更多流量")),
                option("number", ("The old number back", "找回原号码")),
                option("handset", ("A handset", "终端优惠")),
                option("broadband", ("Broadband with it", "融合宽带")),
                when=among("come_back", "yes", "if"),
            ),
            single(
                "settled", ("Was what made you leave settled?", "当时的问题是否已经解决？"),
                option("yes", YES, 2),
                option("no", NO),
                when=among("why_left", "network", "service"),
            ),
            say("offer", ("This is what I can offer you.", "我为您介绍一下回网优惠。"), goto="closing"),
            say("no_more", ("I understand. We do not call again.", "好的，理解您的决定，我们不再打扰。")),
            CLOSING,
        ]
    },
}  # fmt: skip
