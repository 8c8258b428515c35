"""Follow-up of a complaint 投诉回访: is it solved, and how was it dealt with.

What is not solved is asked for in full; `solved` and `stays` lead to further orders (order_types.defaults.complaints).
"""

from workorders.surveys.defaults.parts import (
    ALWAYS,
    CLOSING,
    at_most,
    day,
    multiple,
    option,
    say,
    scale,
    single,
    text,
)

COMPLAINT_FOLLOW_UP = {
    "code": "complaint_follow_up",
    "name": "Complaint follow-up",
    "name_zh": "投诉回访",
    "tree": {
        "blocks": [
            say("greeting", (
                "Good day, {customer}, this is {agent} of customer care. You have complained to us lately, and I would "
                "like to hear whether it was put right.",
                "您好，{customer}，我是客户服务中心的{agent}。您近期反映过问题，想向您了解处理结果是否满意。",
            )),
            single(
                "solved", ("Is it solved?", "您反映的问题是否已经解决？"),
                option("yes", ("Yes", "已解决"), 5, "how_fast"),
                option("partly", ("Partly", "部分解决"), 2),
                option("no", ("No", "未解决")),
                option("back", ("It came back", "解决后再次出现")),
                required=ALWAYS,
            ),
            text("still_wrong", ("What is still wrong?", "目前仍存在的问题"), required=ALWAYS),
            multiple(
                "about", ("What is it about?", "问题类型"),
                option("fee", ("Fees", "费用争议")),
                option("network", ("Network", "网络质量")),
                option("service", ("Service", "服务态度")),
                option("spam", ("Unwanted calls or messages", "骚扰营销")),
                option("business", ("A service that was not ordered", "未经同意开通业务")),
            ),
            single(
                "urgent", ("How soon must it be solved?", "希望多长时间内解决？"),
                option("today", ("Today", "当天")),
                option("days", ("Within days", "三天内")),
                option("later", ("It can wait", "不着急")),
            ),
            say("escalate", (
                "I am sorry. I open it again now and hand it to the person in charge; you are called back.",
                "非常抱歉给您带来不便，我现在为您重新提交处理，并由专人给您回电。",
            )),
            day("promised", ("By which day did we promise an answer?", "承诺答复日期")),
            scale("how_fast", ("How quickly did we act, from 1 to 5?", "处理速度，1 到 5 分您打几分？")),
            scale("how_polite", ("How were you treated, from 1 to 5?", "处理人员的态度，1 到 5 分您打几分？")),
            text("polite_wrong", ("What was wrong with it?", "哪里让您不满意？"), when=at_most("how_polite", 2)),
            single(
                "stays", ("Does the customer think of leaving over it?", "是否因此考虑离网？"),
                option("no", ("No", "不考虑"), 3),
                option("perhaps", ("Perhaps", "有可能"), 1),
                option("yes", ("Yes", "考虑离网")),
                required=ALWAYS,
            ),
            CLOSING,
        ]
    },
}  # fmt: skip
