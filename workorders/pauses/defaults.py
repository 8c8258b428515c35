"""The reasons that ship; people change them later."""

from typing import Any

PAUSE_CODES: tuple[dict[str, Any], ...] = (
    {"code": "break", "name": "Short break", "name_zh": "小休", "minutes": 15, "worked": False},
    {"code": "lunch", "name": "Lunch", "name_zh": "用餐", "minutes": 60, "worked": False},
    {"code": "after-call", "name": "After-call work", "name_zh": "话后处理", "minutes": 10, "worked": True},
    {"code": "coaching", "name": "Coaching", "name_zh": "辅导", "minutes": 30, "worked": True},
    {"code": "training", "name": "Training", "name_zh": "培训", "minutes": 240, "worked": True},
    {"code": "meeting", "name": "Meeting", "name_zh": "会议", "minutes": 60, "worked": True},
    {"code": "other-work", "name": "Other work", "name_zh": "其他工作", "minutes": None, "worked": True},
    {
        "code": "fault",
        "name": "System or phone fault",
        "name_zh": "系统或话机故障",
        "minutes": None,
        "worked": True,
    },
)
