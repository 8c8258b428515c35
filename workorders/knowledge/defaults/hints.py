"""Hints for the script: short words for the first and the last half minute of a call."""

HINTS = (
    {
        "code": "opening-words", "kind": "hint",
        "name": "The first fifteen seconds", "name_zh": "开场十五秒",
        "question": "Who, what for, how long: then a question.",
        "question_zh": "我是谁、什么事、多长时间，然后提问。",
        "body": (
            "- Greeting, name, operator. A pause.\n"
            "- The reason in the customer's interest: “your contract”, “your report of last week”.\n"
            "- “Do you have two minutes?” and wait for the answer.\n"
            "- First question open: “How satisfied are you with …?” Not “Are you satisfied?”."
        ),
        "body_zh": (
            "- 问好、报姓名、报单位，停顿一下。\n"
            "- 从客户利益说来意：“您的合约”“您上周反映的问题”。\n"
            "- “耽误您两分钟可以吗？”等客户回答。\n"
            "- 第一个问题用开放式：“您觉得……怎么样？”不要问“您满意吗？”"
        ),
        "tags": ["opening", "script"], "tags_zh": ["开场白", "话术", "提问"],
        "themes": [], "order_types": ["churn_retention", "renewal", "care", "win_back", "opportunity"],
    },
    {
        "code": "closing-words", "kind": "hint",
        "name": "Closing: what was agreed, in one sentence", "name_zh": "结束语：一句话确认",
        "question": "Say back what holds from when, and what happens next.",
        "question_zh": "复述从什么时候起生效、接下来怎么办。",
        "body": (
            "- Repeat: what, from which day, at which price, for how long.\n"
            "- Say what the customer gets (SMS, call, technician) and when.\n"
            "- Ask: “Is there anything else I can do for you?”\n"
            "- Thank, and let the customer hang up first."
        ),
        "body_zh": (
            "- 复述：办了什么、哪天生效、多少钱、多久。\n"
            "- 说清客户会收到什么（短信、回电、上门）、什么时候。\n"
            "- 问：“还有什么可以帮您？”\n"
            "- 致谢，等客户先挂机。"
        ),
        "tags": ["closing", "script"], "tags_zh": ["结束语", "话术", "复述"],
        "themes": [], "dispositions": ["retained", "accepted"], "order_types": ["churn_retention", "renewal"],
    },
)  # fmt: skip
