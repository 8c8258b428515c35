"""Types of the visits by telephone: mid and high value, the whole network, and the special lines."""

from typing import Any

from workorders.order_types.defaults.questions import DATA_CHECKED, MAIN_REASON, SATISFIED

_ENDS = [
    "no_answer", "switched_off", "wrong_number", "callback", "informed", "retained", "accepted", "refused",
    "considering", "do_not_call", "false_user",
]  # fmt: skip
_LEAVING = {
    "key": "leaving", "label": "Thinks of leaving", "label_zh": "是否有离网意向", "kind": "choice", "required": True,
    "choices": [
        {"value": "no", "label": "No", "label_zh": "无意向"},
        {"value": "undecided", "label": "Not sure", "label_zh": "犹豫"},
        {"value": "yes", "label": "Yes", "label_zh": "有意向"},
    ],
}  # fmt: skip
_WHY_LEAVING = MAIN_REASON | {
    "choices": MAIN_REASON["choices"][:-1],
    "shown_when": {"field": "leaving", "is": ["undecided", "yes"]},
    "required_when": {"field": "leaving", "is": ["yes"]},
}
_MANAGER = {
    "key": "knows_manager", "label": "Knows the own account manager", "label_zh": "是否知道专属客户经理",
    "kind": "choice",
    "choices": [
        {"value": "yes", "label": "Yes", "label_zh": "知道"},
        {"value": "no", "label": "No, was told", "label_zh": "不知道，已告知"},
    ],
}  # fmt: skip
_IN_USE = {
    "key": "in_use", "label": "Line in use", "label_zh": "号码使用情况", "kind": "choice",
    "choices": [
        {"value": "main", "label": "Main number", "label_zh": "主用号码"},
        {"value": "second", "label": "Second number", "label_zh": "副卡或备用号码"},
        {"value": "idle", "label": "Hardly used", "label_zh": "基本不用"},
    ],
}  # fmt: skip
_SPEED = {
    "key": "speed", "label": "Speed as ordered", "label_zh": "网速是否达到签约速率", "kind": "choice",
    "choices": [
        {"value": "yes", "label": "Yes", "label_zh": "达到"},
        {"value": "slow", "label": "Slower", "label_zh": "偏慢"},
        {"value": "breaks", "label": "Breaks off", "label_zh": "经常断线"},
    ],
}  # fmt: skip
_FAULT_WISH = {
    "key": "engineer", "label": "Wants an engineer", "label_zh": "是否需要上门检修", "kind": "flag",
    "shown_when": {"field": "speed", "is": ["slow", "breaks"]},
}  # fmt: skip
_RIVAL_UNTIL = {
    "key": "rival_until", "label": "Rival's contract ends", "label_zh": "异网宽带到期日", "kind": "date",
    "shown_when": {"field": "other_line", "is": ["rival"]},
}  # fmt: skip
_OTHER_LINE = {
    "key": "other_line", "label": "Another broadband at home", "label_zh": "家中是否另有宽带", "kind": "choice",
    "choices": [
        {"value": "none", "label": "No", "label_zh": "没有"},
        {"value": "rival", "label": "Another operator's", "label_zh": "异网宽带"},
    ],
}  # fmt: skip
_DEVICE = {
    "key": "device", "label": "State of the set", "label_zh": "话机使用状态", "kind": "choice",
    "choices": [
        {"value": "good", "label": "Works", "label_zh": "正常"},
        {"value": "weak", "label": "Weak signal", "label_zh": "信号弱"},
        {"value": "broken", "label": "Broken", "label_zh": "话机故障"},
        {"value": "unused", "label": "Put away", "label_zh": "闲置"},
    ],
}  # fmt: skip
_LINES_AT_HOME = {
    "key": "users", "label": "People who use it", "label_zh": "使用人数", "kind": "number", "least": 0, "most": 99,
}  # fmt: skip

VISITS: list[dict[str, Any]] = [
    {
        "code": "mid_high_value_visit", "version": 1, "name": "Mid and high-value visit", "name_zh": "中高端回访",
        "purpose": "care", "priority": 3, "due_hours": 72,
        "flow": {"dispositions": _ENDS, "max_attempts": 4, "appointment_days": 30},
        "fields": [_MANAGER, SATISFIED, _LEAVING, _WHY_LEAVING, DATA_CHECKED],
        "questionnaire": "value_visit",
        "script": "Good day, I am your personal adviser at your operator. Is now a convenient moment?\n"
        "I look after your lines; you may call me whenever something does not work as it should.\n"
        "How are network, bill and service for you at the moment? Is there anything that you are unhappy with?\n"
        "Have you ever thought of going elsewhere, and what would have to be better with us?\n"
        "These are the benefits of your level that you have not used yet; shall I set one of them up?",
        "script_zh": "您好，我是您的专属客户经理，请问现在方便占用您几分钟时间吗？\n"
        "今后由我负责您的号码服务，有任何问题您都可以直接联系我。\n"
        "近期您在信号、帐单和服务方面使用感受如何？有没有不满意的地方？\n"
        "您是否考虑过换用其他运营商？我们哪些方面需要改进？\n"
        "您的会员等级还有部分权益尚未使用，我为您介绍并办理一项，可以吗？",
    },
    {
        "code": "full_network_visit", "version": 1, "name": "Full-network visit", "name_zh": "全网回访",
        "purpose": "care", "priority": 7, "due_hours": 168,
        "flow": {"dispositions": _ENDS, "max_attempts": 2, "appointment_days": 14},
        "fields": [_IN_USE, SATISFIED, _LEAVING, _WHY_LEAVING],
        "script": "Good day, this is your operator's customer care with a short call about your number.\n"
        "Is this your main number, and does your plan fit the way you use it?\n"
        "How satisfied are you with network and service?\n"
        "Thank you. Is there anything that I can settle for you now?",
        "script_zh": "您好，这里是客户服务中心，对您的号码做一次简短回访，请问方便吗？\n"
        "这个号码是您的主用号码吗？目前的套餐是否适合您的使用情况？\n"
        "您对信号和服务是否满意？\n"
        "感谢您的反馈，请问还有什么现在可以为您处理的吗？",
    },
    {
        "code": "broadband_care", "version": 1, "name": "Broadband retention", "name_zh": "宽带维系",
        "purpose": "retention", "priority": 4, "due_hours": 72,
        "flow": {"dispositions": _ENDS, "max_attempts": 3, "appointment_days": 14},
        "moves": [
            {"key": "complete", "effects": [
                {"name": "open_follow_up", "params": {"order_type": "fault_escalation", "hours": 24},
                 "when": {"field": "engineer", "is": ["yes"]}},
            ]},
        ],
        "fields": [_SPEED, _FAULT_WISH, _OTHER_LINE, _RIVAL_UNTIL, SATISFIED],
        "script": "Good day, this is your operator's customer care; I am calling about your broadband line.\n"
        "Do you get the speed that you have ordered, in every room and at every hour?\n"
        "Is there another broadband in your home, and until when does its contract run?\n"
        "If the line is slow or breaks off, I send you an engineer, at no cost.\n"
        "Your contract may be renewed on these terms; shall I note it?",
        "script_zh": "您好，这里是客户服务中心，想对您的宽带使用情况做一次回访。\n"
        "您家里各个房间、各个时段的网速是否都能达到签约速率？\n"
        "家中是否还装有其他宽带？到期时间是什么时候？\n"
        "如果网速慢或经常断线，我为您安排免费上门检修。\n"
        "您的宽带可以按以下条件续约，需要我为您登记吗？",
    },
    {
        "code": "wireless_landline_care", "version": 1, "name": "Wireless-landline retention",
        "name_zh": "无线座机维系", "purpose": "retention", "priority": 5, "due_hours": 96,
        "flow": {"dispositions": _ENDS, "max_attempts": 3, "appointment_days": 14},
        "moves": [
            {"key": "complete", "effects": [
                {"name": "open_follow_up", "params": {"order_type": "fault_escalation", "hours": 48},
                 "when": {"field": "device", "is": ["broken"]}},
            ]},
        ],
        "fields": [_DEVICE, _LINES_AT_HOME, SATISFIED],
        "script": "Good day, this is your operator's customer care; I am calling about your wireless landline.\n"
        "Does the set work, and is the signal good where it stands?\n"
        "Who uses it, and do you still need it?\n"
        "If the set is broken I have it exchanged; if you use it little, there is a cheaper plan.",
        "script_zh": "您好，这里是客户服务中心，想了解一下您的无线座机使用情况。\n"
        "话机能否正常使用，摆放位置的信号怎么样？\n"
        "平时有哪些人在使用，是否还需要保留这部座机？\n"
        "如话机有故障，我为您安排更换；如使用较少，可以改用更低的资费。",
    },
]  # fmt: skip
