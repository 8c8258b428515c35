"""Fields of the call form that the shipped types ask for."""

from typing import Any

MAIN_REASON: dict[str, Any] = {
    "key": "main_reason", "label": "Main reason to leave", "label_zh": "主要离网原因", "kind": "choice",
    "choices": [
        {"value": "price", "label": "Price or plan", "label_zh": "资费套餐"},
        {"value": "network", "label": "Network quality", "label_zh": "网络质量"},
        {"value": "rival_offer", "label": "Offer of a rival", "label_zh": "异网优惠"},
        {"value": "service", "label": "Service", "label_zh": "服务问题"},
        {"value": "no_need", "label": "No need any more", "label_zh": "不再需要"},
        {"value": "moved", "label": "Moved away", "label_zh": "迁居异地"},
        {"value": "none", "label": "Does not want to leave", "label_zh": "无离网意向"},
    ],
}  # fmt: skip
REASON_TO_STAY: dict[str, Any] = {
    "key": "stay_reason", "label": "Main reason to stay", "label_zh": "主要留网原因", "kind": "choice",
    "shown_when": {"field": "disposition", "is": ["retained", "accepted", "considering"]},
    "choices": [
        {"value": "offer", "label": "The offer", "label_zh": "优惠方案"},
        {"value": "solved", "label": "The problem is solved", "label_zh": "问题已解决"},
        {"value": "network", "label": "Network", "label_zh": "网络质量"},
        {"value": "number", "label": "Keeps the number", "label_zh": "保留号码"},
        {"value": "circle", "label": "Family or colleagues are here", "label_zh": "亲友同事在网"},
        {"value": "contract", "label": "The contract runs on", "label_zh": "协议未到期"},
        {"value": "effort", "label": "Leaving is too much effort", "label_zh": "转网麻烦"},
    ],
}  # fmt: skip
HOME_BROADBAND = {
    "key": "home_broadband", "label": "Broadband at home", "label_zh": "家庭宽带情况", "kind": "choice",
    "choices": [
        {"value": "own", "label": "With us", "label_zh": "本网宽带"},
        {"value": "rival", "label": "With another operator", "label_zh": "异网宽带"},
        {"value": "none", "label": "None", "label_zh": "无宽带"},
    ],
}  # fmt: skip
SATISFIED = {
    "key": "satisfied", "label": "Satisfied with the service", "label_zh": "对服务是否满意", "kind": "choice",
    "choices": [
        {"value": "yes", "label": "Yes", "label_zh": "满意"},
        {"value": "partly", "label": "Partly", "label_zh": "一般"},
        {"value": "no", "label": "No", "label_zh": "不满意"},
    ],
}  # fmt: skip
CONTRACT_WISH = {
    "key": "contract_wish", "label": "Wish for the next contract", "label_zh": "续约意向", "kind": "choice",
    "choices": [
        {"value": "same", "label": "Same plan again", "label_zh": "原套餐续约"},
        {"value": "cheaper", "label": "Cheaper plan", "label_zh": "更低资费"},
        {"value": "bigger", "label": "More data or minutes", "label_zh": "更多流量或语音"},
        {"value": "bundle", "label": "Bundle with broadband", "label_zh": "融合宽带"},
        {"value": "undecided", "label": "Not decided", "label_zh": "未决定"},
    ],
}  # fmt: skip

FIRST_BILL = {
    "key": "first_bill", "label": "First bill as expected", "label_zh": "首月帐单与预期是否一致", "kind": "choice",
    "choices": [
        {"value": "yes", "label": "Yes", "label_zh": "一致"},
        {"value": "higher", "label": "Higher than told", "label_zh": "高于告知金额"},
        {"value": "unclear", "label": "Not understood", "label_zh": "看不明白"},
        {"value": "not_seen", "label": "Not seen", "label_zh": "未收到"},
    ],
}  # fmt: skip
DATA_CHECKED = {"key": "data_checked", "label": "Contact data checked", "label_zh": "联系资料已核对", "kind": "flag"}
WHY_LEFT = MAIN_REASON | {
    "key": "why_left", "label": "Why did you leave?", "label_zh": "离网原因", "required": True,
    "choices": MAIN_REASON["choices"][:-1],
}  # fmt: skip
NOW_WITH = {
    "key": "now_with", "label": "What do you use now?", "label_zh": "目前使用情况", "kind": "choice",
    "choices": [
        {"value": "rival", "label": "Another operator", "label_zh": "异网号码"},
        {"value": "own", "label": "Another line of ours", "label_zh": "本网其他号码"},
        {"value": "nothing", "label": "Nothing", "label_zh": "不再使用"},
    ],
}  # fmt: skip
