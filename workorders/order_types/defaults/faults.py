"""Types about what is broken or complained of: complaints, inspections of firms, faults with a second line."""

from typing import Any

from workorders.order_types.stages import EXCEPTIONS

_SOLVED = {
    "key": "solved", "label": "Is the matter settled?", "label_zh": "问题是否已解决", "kind": "choice",
    "required": True,
    "choices": [
        {"value": "yes", "label": "Settled", "label_zh": "已解决"},
        {"value": "partly", "label": "In part", "label_zh": "部分解决"},
        {"value": "no", "label": "Not settled", "label_zh": "未解决"},
    ],
}  # fmt: skip
_OPEN_POINT = {
    "key": "open_point", "label": "What is still open", "label_zh": "尚未解决的问题", "kind": "text",
    "shown_when": {"field": "solved", "is": ["partly", "no"]},
    "required_when": {"field": "solved", "is": ["partly", "no"]},
}  # fmt: skip
_MARK = {
    "key": "mark", "label": "Marks for the handling (1 to 10)", "label_zh": "处理满意度（1至10分）", "kind": "number",
    "least": 1, "most": 10,
}  # fmt: skip
_AREA = {
    "key": "area", "label": "What is affected", "label_zh": "故障类别", "kind": "choice", "required": True,
    "choices": [
        {"value": "mobile", "label": "Mobile network", "label_zh": "移动网络"},
        {"value": "broadband", "label": "Broadband", "label_zh": "宽带"},
        {"value": "landline", "label": "Landline", "label_zh": "固话或座机"},
        {"value": "billing", "label": "Billing", "label_zh": "计费"},
        {"value": "device", "label": "Terminal", "label_zh": "终端"},
    ],
}  # fmt: skip
_SINCE = {"key": "since", "label": "Since", "label_zh": "故障开始日期", "kind": "date"}
_CAUSE = {
    "key": "cause", "label": "Cause found", "label_zh": "故障原因", "kind": "text",
    "required_when": {"field": "disposition", "is": ["informed", "retained"]},
}  # fmt: skip
_CONTACT = {
    "key": "contact", "label": "Spoken to", "label_zh": "走访对象", "kind": "choice", "required": True,
    "choices": [
        {"value": "decider", "label": "Who decides", "label_zh": "决策人"},
        {"value": "technician", "label": "Technical contact", "label_zh": "技术联系人"},
        {"value": "other", "label": "Somebody else", "label_zh": "其他人员"},
    ],
}  # fmt: skip
_LINES_CHECKED = {
    "key": "lines_checked", "label": "Lines checked", "label_zh": "检查线路数", "kind": "number", "required": True,
    "least": 0, "most": 9999,
}  # fmt: skip
_FAULT_FOUND = {
    "key": "fault_found", "label": "Fault found", "label_zh": "是否发现故障", "kind": "choice", "required": True,
    "choices": [
        {"value": "no", "label": "None", "label_zh": "无"},
        {"value": "yes", "label": "Yes", "label_zh": "有"},
    ],
}  # fmt: skip
_FINDING = {
    "key": "finding", "label": "What was found", "label_zh": "故障情况", "kind": "text",
    "shown_when": {"field": "fault_found", "is": ["yes"]}, "required_when": {"field": "fault_found", "is": ["yes"]},
}  # fmt: skip
_DEMAND = {
    "key": "demand", "label": "New demand", "label_zh": "新增需求", "kind": "choice",
    "choices": [
        {"value": "none", "label": "None", "label_zh": "无"},
        {"value": "lines", "label": "Lines or numbers", "label_zh": "专线或号码"},
        {"value": "cloud", "label": "Cloud or IT service", "label_zh": "云网及信息化"},
    ],
}  # fmt: skip

_DESK, _SUPERVISE = "work.do", "work.supervise"
_FAULT_QUEUES = {
    "reported": ["reported", "accepted", "diagnosis"],
    "second_queue": ["second_queue", "second_accepted", "repair", "visit_agreed"],
}
_FAULT_HELD = ["accepted", "diagnosis", "second_accepted", "repair"]


def _exceptions(queues: dict[str, list[str]], held: list[str], dropped: str) -> list[dict[str, Any]]:
    """The usual exceptions over the stages of a type. queues: {queue: the open stages whose orders go back to it}."""
    made = []
    for one in EXCEPTIONS:
        if one["to"] == "cancelled":
            everywhere = [key for keys in queues.values() for key in keys]
            made.append(one | {"from": held if one["key"] == "return_unfit" else everywhere, "to": dropped})
        elif one["key"] != "to_pending":
            made += [
                one | {"key": f"{one['key']}{'' if place == 0 else place + 1}", "from": keys, "to": queue}
                for place, (queue, keys) in enumerate(queues.items())
            ]
    return made


FAULTS: list[dict[str, Any]] = [
    {
        "code": "complaint_follow_up", "version": 1, "name": "Complaint follow-up", "name_zh": "投诉回访",
        "purpose": "service", "priority": 2, "due_hours": 24,
        "flow": {
            "dispositions": ["no_answer", "switched_off", "wrong_number", "callback", "informed", "retained",
                             "refused"],
            "max_attempts": 4, "appointment_days": 7,
        },
        "moves": [
            {"key": "complete", "effects": [
                {"name": "open_follow_up", "params": {"order_type": "fault_escalation", "hours": 24},
                 "when": {"field": "solved", "is": ["no"]}},
                {"name": "notify", "params": {"who": "supervisors"}, "when": {"field": "solved", "is": ["no"]}},
            ]},
        ],
        "fields": [_SOLVED, _OPEN_POINT, _MARK],
        "script": "Good day, this is your operator's customer care; I am calling about your complaint.\n"
        "You were given an answer. Is the matter settled for you?\n"
        "If something is still open, tell me what it is; I pass it on today and you hear from us.\n"
        "How satisfied are you with the way it was handled, from 1 to 10?",
        "script_zh": "您好，这里是客户服务中心，就您此前反映的投诉问题向您回访。\n"
        "我们已给您处理答复，请问问题现在解决了吗？\n"
        "如果还有未解决的地方，请您告诉我，我今天就为您转交跟进，并给您回复。\n"
        "请您对本次处理结果打分，1至10分，您打几分？",
    },
    {
        "code": "enterprise_inspection", "version": 1, "name": "Enterprise inspection", "name_zh": "政企巡检/走访",
        "purpose": "service", "priority": 5, "due_hours": 240, "one_open": False, "lease_seconds": 900,
        "flow": {"dispositions": ["no_answer", "callback", "informed", "accepted", "refused"], "max_attempts": 6,
                 "appointment_days": 60},
        "stages": [
            {"key": "planned", "phase": "queued", "label": "Planned", "label_zh": "待走访"},
            {"key": "accepted", "phase": "assigned", "label": "Accepted", "label_zh": "已接单", "who": _DESK},
            {"key": "visit", "phase": "in_progress", "label": "On site", "label_zh": "走访中", "who": _DESK},
            {"key": "visit_agreed", "phase": "waiting", "label": "Date agreed", "label_zh": "已约定时间",
             "who": _DESK},
            {"key": "report", "phase": "in_progress", "label": "Report", "label_zh": "填写报告", "who": _DESK},
            {"key": "finished", "phase": "done", "label": "Finished", "label_zh": "已完成"},
            {"key": "dropped", "phase": "cancelled", "label": "Dropped", "label_zh": "已撤销"},
        ],
        "moves": [
            {"key": "agree", "from": ["accepted", "visit"], "to": "visit_agreed", "via": "schedule",
             "permission": _DESK, "label": "Agree on a date", "label_zh": "约定时间", "needs": ["disposition"]},
            {"key": "to_report", "from": ["visit"], "to": "report", "via": "proceed", "permission": _DESK,
             "label": "Write the report", "label_zh": "填写报告"},
            {"key": "again", "from": ["accepted", "visit", "report"], "to": "planned", "via": "retry",
             "permission": _DESK, "label": "Try again later", "label_zh": "稍后再试", "needs": ["disposition"]},
            {"key": "finish", "from": ["accepted", "visit", "report"], "to": "finished", "via": "complete",
             "permission": _DESK, "label": "Finish", "label_zh": "完成走访", "needs": ["disposition"],
             "effects": [
                 {"name": "open_follow_up", "params": {"order_type": "fault_escalation", "hours": 24},
                  "when": {"field": "fault_found", "is": ["yes"]}},
                 {"name": "open_follow_up", "params": {"order_type": "opportunity"},
                  "when": {"field": "demand", "is": ["lines", "cloud"]}},
             ]},
            *_exceptions({"planned": ["planned", "accepted", "visit", "visit_agreed", "report"]},
                         ["accepted", "visit", "report"], "dropped"),
        ],
        "fields": [_CONTACT, _LINES_CHECKED, _FAULT_FOUND, _FINDING, _DEMAND],
        "script": "Introduce yourself at the reception and ask for the contact of the account.\n"
        "Check every line of the contract on site: terminal, cabling, speed, and what is on the label.\n"
        "Ask what does not work as it should, and what the firm plans for the next half-year.\n"
        "Agree on what is done by whom and when; leave your number.",
        "script_zh": "到达现场先在前台说明身份，联系该客户的业务联系人。\n"
        "逐条检查合同内线路：终端、布线、速率和标签是否一致。\n"
        "了解目前使用中的问题，以及未来半年的业务计划和新增需求。\n"
        "明确后续事项、责任人和时间，并留下您的联系方式。",
    },
    {
        "code": "fault_escalation", "version": 1, "name": "Fault escalation", "name_zh": "报障",
        "purpose": "service", "priority": 2, "due_hours": 24, "one_open": False, "lease_seconds": 300,
        "flow": {"dispositions": ["no_answer", "switched_off", "callback", "informed", "retained", "refused"],
                 "max_attempts": 6, "appointment_days": 7},
        "stages": [
            {"key": "reported", "phase": "queued", "label": "Reported", "label_zh": "已报障"},
            {"key": "accepted", "phase": "assigned", "label": "First line", "label_zh": "一线已接单", "who": _DESK},
            {"key": "diagnosis", "phase": "in_progress", "label": "Diagnosis", "label_zh": "预处理", "who": _DESK},
            {"key": "second_queue", "phase": "queued", "label": "Waits for second line", "label_zh": "待二线处理"},
            {"key": "second_accepted", "phase": "assigned", "label": "Second line", "label_zh": "二线已接单",
             "who": _DESK},
            {"key": "repair", "phase": "in_progress", "label": "Repair", "label_zh": "抢修中", "who": _DESK},
            {"key": "visit_agreed", "phase": "waiting", "label": "Visit agreed", "label_zh": "已约上门", "who": _DESK},
            {"key": "restored", "phase": "done", "label": "Restored", "label_zh": "已恢复"},
            {"key": "dropped", "phase": "cancelled", "label": "Dropped", "label_zh": "已撤销"},
        ],
        "moves": [
            {"key": "escalate", "from": ["accepted", "diagnosis"], "to": "second_queue", "via": "pass_on",
             "permission": _DESK, "label": "Escalate to second line", "label_zh": "升级二线", "needs": ["reason"],
             "effects": [{"name": "notify", "params": {"who": "supervisors"}}]},
            {"key": "give_back", "from": ["second_accepted", "repair"], "to": "reported", "via": "pass_on",
             "permission": _DESK, "label": "Back to first line", "label_zh": "退回一线", "needs": ["reason"]},
            {"key": "agree", "from": _FAULT_HELD, "to": "visit_agreed", "via": "schedule", "permission": _DESK,
             "label": "Agree on a visit", "label_zh": "约定上门", "needs": ["disposition"]},
            {"key": "again", "from": ["accepted", "diagnosis"], "to": "reported", "via": "retry",
             "permission": _DESK, "label": "Try again later", "label_zh": "稍后再试", "needs": ["disposition"]},
            {"key": "again_second", "from": ["second_accepted", "repair"], "to": "second_queue", "via": "retry",
             "permission": _DESK, "label": "Try again later", "label_zh": "稍后再试", "needs": ["disposition"]},
            {"key": "restore", "from": _FAULT_HELD, "to": "restored", "via": "complete", "permission": _DESK,
             "label": "Restored", "label_zh": "恢复并回复客户", "needs": ["disposition"],
             "effects": [{"name": "publish_moved"}]},
            *_exceptions(_FAULT_QUEUES, _FAULT_HELD, "dropped"),
        ],
        "fields": [_AREA, _SINCE, _CAUSE],
        "script": "Good day, this is the fault desk of your operator. What exactly does not work, and since when?\n"
        "Let us check it together: terminal, cable, restart, another place.\n"
        "I pass it on to our engineers; you hear by when it is repaired.\n"
        "Your line works again. May I ask you to try it while I am on the line?",
        "script_zh": "您好，这里是故障受理台。请问具体是什么故障，从什么时候开始的？\n"
        "我们先一起检查一下：终端、线路、重启，以及换个位置是否正常。\n"
        "我已将故障转交技术人员，处理时限会及时告知您。\n"
        "故障已处理完毕，请您现在试一下是否恢复正常。",
    },
]  # fmt: skip
