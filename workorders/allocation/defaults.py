"""Skills and languages that ship; people change them later. Languages bear the codes that billing sends."""

SKILLS: tuple[dict[str, str], ...] = (
    {"code": "high-value", "kind": "skill", "name": "High-value customers", "name_zh": "高价值客户维系"},
    {"code": "enterprise", "kind": "skill", "name": "Enterprise customers", "name_zh": "政企客户维系"},
    {"code": "complaints", "kind": "skill", "name": "Complaints", "name_zh": "投诉处理"},
    {"code": "win-back", "kind": "skill", "name": "Winning back", "name_zh": "离网赢回"},
    {"code": "zh-hans", "kind": "language", "name": "Mandarin", "name_zh": "普通话"},
    {"code": "yue", "kind": "language", "name": "Cantonese", "name_zh": "粤语"},
    {"code": "en", "kind": "language", "name": "English", "name_zh": "英语"},
)
