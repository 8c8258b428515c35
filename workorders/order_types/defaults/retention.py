"""Types of the calls that keep, renew, win back and look after customers."""

from typing import Any

from workorders.order_types.defaults.questions import (
    CONTRACT_WISH,
    DATA_CHECKED,
    FIRST_BILL,
    HOME_BROADBAND,
    MAIN_REASON,
    NOW_WITH,
    REASON_TO_STAY,
    SATISFIED,
    WHY_LEFT,
)

RETENTION: list[dict[str, Any]] = [
    {
        "code": "churn_retention", "version": 1, "name": "Churn retention", "name_zh": "高危挽留",
        "purpose": "retention", "priority": 2, "due_hours": 48,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "retained", "accepted", "refused",
                "considering", "do_not_call", "false_user",
            ],
            "max_attempts": 3, "appointment_days": 14,
        },
        "fields": [MAIN_REASON, SATISFIED],
        "questionnaire": "churn_reasons",
        "script": "Good day, this is your operator's customer care. Is now a convenient moment for two minutes?\n"
        "You have been with us for some time, and we would like to know how satisfied you are with your plan.\n"
        "Is there anything that does not work as you expect: the network where you live, the bill, the service?\n"
        "Thank you for telling me. Here is what I can do for you today.",
        "script_zh": "您好，这里是客户服务中心，请问现在方便占用您两分钟时间吗？\n"
        "感谢您一直以来的支持，想了解一下您对目前的号码和套餐是否满意。\n"
        "在信号、资费或服务方面，有没有让您觉得不满意的地方？\n"
        "感谢您的反馈，针对您的情况，我今天可以为您这样处理。",
    },
    {
        "code": "renewal", "version": 1, "name": "Contract renewal", "name_zh": "二次续约",
        "purpose": "renewal", "priority": 4, "due_hours": 96,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "accepted", "refused", "considering",
                "informed", "do_not_call", "false_user",
            ],
            "max_attempts": 3, "appointment_days": 30,
        },
        "fields": [CONTRACT_WISH],
        "script": "Good day, this is your operator's customer care. Your contract ends soon; may I ask about it?\n"
        "Today you use your plan as I see it here; does it still fit what you need?\n"
        "If you renew before it ends, your number and your benefits stay as they are.\n"
        "Shall I note your wish, or would you like to think about it and hear from me again?",
        "script_zh": "您好，这里是客户服务中心。您的协议即将到期，想和您沟通一下续约事宜，请问现在方便吗？\n"
        "从您目前的使用情况看，现有套餐是否还能满足您的需要？\n"
        "在到期前续约，您的号码和现有优惠可以继续保留。\n"
        "需要我现在为您登记，还是您考虑一下，我再与您联系？",
    },
    {
        "code": "care", "version": 1, "name": "Care call", "name_zh": "关怀",
        "purpose": "care", "priority": 6, "due_hours": 72,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "informed", "accepted", "refused",
                "considering", "do_not_call", "false_user",
            ],
            "max_attempts": 2, "appointment_days": 14,
        },
        "fields": [SATISFIED],
        "script": "Good day, this is your operator's customer care. I have a short message that may save you trouble.\n"
        "We noticed something about your line that you may want to know before it costs you money or service.\n"
        "May I explain it, and is there anything else I can do for you?",
        "script_zh": "您好，这里是客户服务中心，有一项服务提醒想告知您，只占用您一分钟。\n"
        "我们注意到您的号码有以下情况，提前告诉您以免影响使用或产生额外费用。\n"
        "我为您说明一下，另外请问还有什么可以帮您的吗？",
    },
    {
        "code": "termination_retention", "version": 1, "name": "Termination retention", "name_zh": "拆机挽留",
        "purpose": "service", "priority": 1, "due_hours": 4,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "retained", "accepted", "refused",
                "considering", "do_not_call", "false_user",
            ],
            "max_attempts": 4, "appointment_days": 3,
        },
        "fields": [MAIN_REASON, REASON_TO_STAY],
        "script": "Good day, this is your operator's customer care. You asked us to terminate your line.\n"
        "Before we do so I would like to understand why. What has led you to this?\n"
        "Thank you for telling me. If that could be settled today, would you stay with us?\n"
        "If not, I note it and your line is terminated as you asked; there is nothing more you have to do.",
        "script_zh": "您好，这里是客户服务中心。您申请了拆机，我来跟进办理。\n"
        "办理之前想了解一下原因，是什么让您决定不再使用？\n"
        "感谢您的说明。如果这个问题今天就能解决，您愿意继续使用吗？\n"
        "如果仍要拆机，我这边为您登记，后续按您的申请办理，您无需再做其他操作。",
    },
    {
        "code": "new_subscriber_visit", "version": 1, "name": "New-subscriber visit", "name_zh": "新入网回访",
        "purpose": "care", "priority": 5, "due_hours": 96,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "informed", "accepted", "refused",
                "considering", "do_not_call", "false_user",
            ],
            "max_attempts": 3, "appointment_days": 14,
        },
        "fields": [FIRST_BILL, DATA_CHECKED, SATISFIED],
        "questionnaire": "new_subscriber_visit",
        "script": "Good day, this is your operator's customer care. Welcome; do you have two minutes now?\n"
        "Your first bill cycle is over. Was the bill as you were told when you joined?\n"
        "How are network and data where you live and work? What shall I explain about your plan?\n"
        "May I check your contact data with you, so that we reach you when it matters?",
        "script_zh": "您好，这里是客户服务中心，欢迎您入网，请问现在方便占用您两分钟时间吗？\n"
        "您的首个帐期已经结束，帐单金额和办理时告知的一致吗？帐单接收方式是否合适？\n"
        "您居住和工作地点的信号、上网情况怎么样？套餐内容有没有需要我说明的地方？\n"
        "最后和您核对一下联系资料，方便后续为您服务。",
    },
    {
        "code": "win_back", "version": 1, "name": "Win-back", "name_zh": "离网赢回",
        "purpose": "retention", "priority": 6, "due_hours": 120,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "accepted", "refused", "considering",
                "informed", "do_not_call",
            ],
            "max_attempts": 2, "appointment_days": 14, "after_leaving": True,
        },
        "fields": [WHY_LEFT, NOW_WITH],
        "questionnaire": "win_back",
        "script": "Good day, this is customer care of your former operator. May I take two minutes of your time?\n"
        "You left us some time ago, and I would like to understand what we could have done better.\n"
        "How satisfied are you with what you have now: the price, the network, the service?\n"
        "Thank you for telling me. If you would like to come back, this is what I can offer you. If not, we do not"
        " call again.",
        "script_zh": "您好，这里是您原来使用的运营商的客户服务中心，请问方便占用您两分钟时间吗？\n"
        "您前段时间办理了离网，想了解一下我们有哪些地方没有做好。\n"
        "您对目前使用的号码在资费、信号和服务方面是否满意？\n"
        "感谢您的反馈。如果您愿意回来，我可以为您介绍回网优惠；如果没有意向，我们不再打扰。",
    },
    {
        "code": "opportunity", "version": 1, "name": "Opportunity", "name_zh": "商机",
        "purpose": "care", "priority": 3, "due_hours": 24,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "accepted", "refused", "considering",
                "informed", "do_not_call", "false_user",
            ],
            "max_attempts": 2, "appointment_days": 14,
        },
        "fields": [],
        "script": "Good day, this is your operator's customer care. You began an order in our online shop.\n"
        "Did anything keep you from finishing it that I can help with?\n"
        "If you like, we finish it together now; it takes two minutes.",
        "script_zh": "您好，这里是客户服务中心。看到您在网厅有一笔订单尚未完成。\n"
        "办理过程中是否遇到什么问题，我可以帮您处理吗？\n"
        "如果方便，我现在就协助您完成，大约需要两分钟。",
    },
    {
        "code": "bundle", "version": 1, "name": "Bundle proposal", "name_zh": "融合推荐",
        "purpose": "marketing", "priority": 6, "due_hours": 96,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "accepted", "refused", "considering",
                "informed", "do_not_call", "false_user",
            ],
            "max_attempts": 2, "appointment_days": 30,
        },
        "fields": [HOME_BROADBAND],
        "script": "Good day, this is your operator's customer care. May I ask what your household uses?\n"
        "Which mobile numbers and which broadband do you use at home, and who pays for them?\n"
        "One bundle may cost less than these lines one by one; shall I work it out for you?\n"
        "Nothing changes before you say yes.",
        "script_zh": "您好，这里是客户服务中心，想了解一下您家里的手机和宽带使用情况，请问现在方便吗？\n"
        "您家里目前用哪些手机号码、哪家的宽带，由谁来缴费？\n"
        "办理一个融合套餐可能比分开办理更划算，我为您算一下好吗？\n"
        "在您同意之前，不会做任何变更。",
    },
    {
        # Version 1 was written for orders left in the online shop only.
        "code": "opportunity", "version": 2, "name": "Opportunity", "name_zh": "商机",
        "purpose": "care", "priority": 3, "due_hours": 24,
        "flow": {
            "dispositions": [
                "no_answer", "switched_off", "wrong_number", "callback", "accepted", "refused", "considering",
                "informed", "do_not_call", "false_user",
            ],
            "max_attempts": 2, "appointment_days": 14,
        },
        "fields": [],
        "script": "Good day, this is your operator's customer care. Is now a convenient moment?\n"
        "I have seen something that may suit the way you use your line (see the facts of this order).\n"
        "May I explain what it is, what it costs and how you end it again?\n"
        "If you like, I set it up now; it takes two minutes.",
        "script_zh": "您好，这里是客户服务中心，请问现在方便通话吗？\n"
        "根据您的使用情况（见工单提示），有一项业务可能比较适合您。\n"
        "我为您说明一下内容、资费以及取消方式，可以吗？\n"
        "如果您有需要，我现在就可以为您办理，大约需要两分钟。",
    },
]  # fmt: skip
