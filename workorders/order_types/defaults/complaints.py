"""The follow-up of a complaint with its questionnaire: what it asks, and what the answers lead to.

The fields are the questions of the questionnaire that effects and reports read; the call screen asks them alone where
the questionnaire is switched off.
"""

from typing import Any

_SOLVED = {
    "key": "solved", "label": "Is it solved?", "label_zh": "您反映的问题是否已经解决？", "kind": "choice",
    "required": True,
    "choices": [
        {"value": "yes", "label": "Yes", "label_zh": "已解决"},
        {"value": "partly", "label": "Partly", "label_zh": "部分解决"},
        {"value": "no", "label": "No", "label_zh": "未解决"},
        {"value": "back", "label": "It came back", "label_zh": "解决后再次出现"},
    ],
}  # fmt: skip
_STILL_WRONG = {
    "key": "still_wrong", "label": "What is still wrong?", "label_zh": "目前仍存在的问题", "kind": "text",
    "shown_when": {"field": "solved", "is": ["partly", "no", "back"]},
    "required_when": {"field": "solved", "is": ["partly", "no", "back"]},
}  # fmt: skip
_STAYS = {
    "key": "stays", "label": "Does the customer think of leaving over it?", "label_zh": "是否因此考虑离网？",
    "kind": "choice", "required": True,
    "choices": [
        {"value": "no", "label": "No", "label_zh": "不考虑"},
        {"value": "perhaps", "label": "Perhaps", "label_zh": "有可能"},
        {"value": "yes", "label": "Yes", "label_zh": "考虑离网"},
    ],
}  # fmt: skip
_UNSOLVED = {"field": "solved", "is": ["no", "back"]}

COMPLAINTS: list[dict[str, Any]] = [
    {
        # Version 1 asked three questions, and whether the customer thinks of leaving was none of them.
        "code": "complaint_follow_up", "version": 2, "name": "Complaint follow-up", "name_zh": "投诉回访",
        "purpose": "service", "priority": 2, "due_hours": 24,
        "flow": {
            "dispositions": ["no_answer", "switched_off", "wrong_number", "callback", "informed", "retained",
                             "refused"],
            "max_attempts": 4, "appointment_days": 7,
        },
        "moves": [
            {"key": "complete", "effects": [
                {"name": "open_follow_up", "params": {"order_type": "fault_escalation", "hours": 24},
                 "when": _UNSOLVED},
                {"name": "notify", "params": {"who": "supervisors"}, "when": _UNSOLVED},
                {"name": "open_follow_up", "params": {"order_type": "churn_retention", "hours": 48},
                 "when": {"field": "stays", "is": ["yes"]}},
            ]},
        ],
        "fields": [_SOLVED, _STILL_WRONG, _STAYS],
        "questionnaire": "complaint_follow_up",
        "script": "Good day, this is your operator's customer care; I am calling about your complaint.\n"
        "You were given an answer. Is it solved for you, and has it stayed solved?\n"
        "If something is still wrong, tell me what it is; I open it again today and you are called back.\n"
        "How quickly did we act, and how were you treated? Do you think of leaving us over it?",
        "script_zh": "您好，这里是客户服务中心，就您此前反映的投诉问题向您回访。\n"
        "我们已给您处理答复，请问问题是否已经解决，之后有没有再次出现？\n"
        "如果仍有问题，请您告诉我，我今天就为您重新提交，并由专人给您回电。\n"
        "请您对处理速度和服务态度打分，您是否因此考虑离网？",
    },
]  # fmt: skip
