"""The tree of dispositions that ships."""

from typing import Any

NOT_REACHED, REACHED, UNWANTED = "not_reached", "reached", "unwanted"

# code, name, name_zh
HEADINGS: list[tuple[str, str, str]] = [
    (NOT_REACHED, "Not reached", "未接通"),
    (REACHED, "Reached", "已接通"),
    (UNWANTED, "Do not call again", "不再联系"),
]

# Alt+1 and Alt+2 are the two most frequent ends of a call.
DISPOSITIONS: list[dict[str, Any]] = [
    {"code": "no_answer", "parent": NOT_REACHED, "hotkey": 1, "name": "No answer", "name_zh": "无人接听",
     "result": "no_answer", "retry_after_hours": 4},
    {"code": "switched_off", "parent": NOT_REACHED, "name": "Switched off or busy", "name_zh": "关机或占线",
     "result": "no_answer", "retry_after_hours": 24},
    {"code": "wrong_number", "parent": NOT_REACHED, "hotkey": 7, "name": "Wrong number", "name_zh": "号码有误",
     "result": "wrong_number", "closes": True},
    {"code": "callback", "parent": REACHED, "hotkey": 2, "name": "Call back later", "name_zh": "预约回拨",
     "result": "callback", "reached": True, "needs_appointment": True},
    {"code": "retained", "parent": REACHED, "hotkey": 3, "name": "Stays with us", "name_zh": "同意留网",
     "result": "retained", "reached": True, "closes": True},
    {"code": "accepted", "parent": REACHED, "hotkey": 4, "name": "Accepts the offer", "name_zh": "接受优惠",
     "result": "accepted", "reached": True, "closes": True},
    {"code": "refused", "parent": REACHED, "hotkey": 5, "name": "Refuses", "name_zh": "拒绝",
     "result": "refused", "reached": True, "closes": True},
    {"code": "considering", "parent": REACHED, "hotkey": 6, "name": "Will think about it", "name_zh": "考虑中",
     "result": "considering", "reached": True, "retry_after_hours": 48},
    {"code": "informed", "parent": REACHED, "name": "Informed", "name_zh": "已告知",
     "result": "informed", "reached": True, "closes": True},
    {"code": "do_not_call", "parent": UNWANTED, "hotkey": 8, "name": "Wants no more calls", "name_zh": "要求免打扰",
     "result": "do_not_call", "reached": True, "closes": True, "adds_to_list": "do_not_disturb", "list_days": 365},
    {"code": "false_user", "parent": UNWANTED, "hotkey": 9, "name": "False user", "name_zh": "虚假用户",
     "result": "false_user", "closes": True, "adds_to_list": "false_user"},
]  # fmt: skip
