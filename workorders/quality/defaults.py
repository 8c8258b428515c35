"""The score sheet and the sampling rule that ship; people change them later."""

from typing import Any

from workorders.quality.criteria import Kind


def _row(key: str, kind: Kind, label: str, label_zh: str, weight: int = 1, most: int = 1) -> dict[str, Any]:
    return {"key": key, "kind": kind.value, "label": label, "label_zh": label_zh, "weight": weight, "most": most}


SHEETS: tuple[dict[str, Any], ...] = (
    {
        "code": "retention-call", "name": "Retention call", "name_zh": "维系外呼质检表",
        "criteria": [
            _row("opening", Kind.POINTS, "Opening: greeting, name, reason of the call", "开场：问候、来意", 10, 5),
            _row("identity", Kind.FATAL, "Asked who is speaking before anything personal was said",
                 "透露客户信息前核实身份"),
            _row("need", Kind.POINTS, "Found out why the customer may leave", "了解客户离网原因", 25, 5),
            _row("offer", Kind.POINTS, "Offered what fits, with price and term", "推荐合适优惠并说明资费", 25, 5),
            _row("objections", Kind.POINTS, "Answered objections calmly and correctly", "从容、准确地应对异议", 20, 5),
            _row("promise", Kind.FATAL, "Promised nothing that the offer does not hold", "没有超出优惠内容的承诺"),
            _row("close", Kind.YES_NO, "Summed up and said goodbye", "小结并礼貌结束通话", 10),
            _row("record", Kind.YES_NO, "Outcome and note match the call", "处理结果与备注同通话一致", 10),
        ],
    },
)  # fmt: skip
RULES: tuple[dict[str, Any], ...] = (
    {
        "code": "weekly", "sheet": "retention-call", "name": "Weekly sample", "name_zh": "每周抽检",
        "per_agent": 2, "share_percent": 0, "complaints": True,
    },
)  # fmt: skip
