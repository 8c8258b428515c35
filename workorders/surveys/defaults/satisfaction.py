"""Visit of customers of middle and high value 中高端客户回访: how satisfied they are, and with what."""

from workorders.surveys.defaults.parts import (
    ALWAYS,
    CLOSING,
    NO,
    YES,
    among,
    at_most,
    day,
    multiple,
    option,
    say,
    scale,
    single,
    text,
)

VALUE_VISIT = {
    "code": "value_visit",
    "name": "Satisfaction of mid- and high-value customers",
    "name_zh": "中高端客户满意度回访",
    "tree": {
        "blocks": [
            say("greeting", (
                "Good day, {customer}, this is {agent}, your contact at customer care. May I ask how you get along with "
                "{plan}?",
                "{customer}您好，我是您的客户经理{agent}，想了解一下您使用{plan}的情况，请问现在方便吗？",
            )),
            scale("overall", ("All in all, how satisfied are you, from 1 to 5?", "总体满意度，1 到 5 分您打几分？"),
                  required=ALWAYS),
            scale("network", ("Network where you live and work, from 1 to 5", "居住和工作地点的网络质量，1 到 5 分")),
            single(
                "network_where", ("Where is the network bad?", "主要在哪里信号不好？"),
                option("home", ("At home", "家里")),
                option("work", ("At work", "单位")),
                option("road", ("On the way", "路上")),
                option("everywhere", ("Everywhere", "各处都不好")),
                when=at_most("network", 3),
            ),
            scale("price", ("Price and plan, from 1 to 5", "资费套餐，1 到 5 分")),
            scale("service", ("Service in shops and on the phone, from 1 to 5", "营业厅和热线服务，1 到 5 分")),
            text("service_wrong", ("What should be better?", "希望在哪些方面改进？"), when=at_most("overall", 3),
                 required=at_most("overall", 2)),
            single(
                "manager_known", ("Does the customer know whom to turn to?", "是否清楚专属客户经理的联系方式？"),
                option("yes", YES, 2),
                option("no", NO),
            ),
            say(
                "name_manager", (
                    "I am {agent} of {branch}. Call me directly; I stay your contact.",
                    "我是{branch}的{agent}，以后有需要您可以直接联系我。",
                ),
                when=among("manager_known", "no"),
            ),
            single(
                "rival_offer", ("Has another operator made you an offer?", "近期是否有其他运营商向您推荐过业务？"),
                option("no", NO, 3),
                option("heard", ("Yes, not interested", "有，但不感兴趣"), 2),
                option("tempted", ("Yes, thinking about it", "有，正在考虑")),
                required=ALWAYS,
            ),
            multiple(
                "rival_why", ("What is better there?", "对方哪些方面更有吸引力？"),
                option("price", ("Price", "资费")),
                option("data", ("More data", "流量更多")),
                option("network", ("Network", "网络")),
                option("handset", ("Handset", "终端优惠")),
                option("bundle", ("Broadband or television with it", "含宽带或电视")),
                when=among("rival_offer", "tempted"),
            ),
            single(
                "recommend", ("Would you recommend us?", "您是否愿意向亲友推荐我们？"),
                option("yes", ("Yes", "愿意"), 3),
                option("perhaps", ("Perhaps", "看情况"), 1),
                option("no", ("No", "不愿意")),
            ),
            single(
                "next_call", ("May I call again?", "后续是否方便再次回访？"),
                option("yes", ("Yes", "方便")),
                option("no", ("No", "不需要"), 0, "closing"),
            ),
            day("next_on", ("From which day on?", "希望从哪天起联系您？"), when=among("next_call", "yes")),
            CLOSING,
        ]
    },
}  # fmt: skip
