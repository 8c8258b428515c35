"""Answers to objections about the network, service and the call itself."""

SERVICE = (
    {
        "code": "bad-network", "kind": "objection",
        "name": "“There is no signal at home”", "name_zh": "信号不好、网速慢",
        "question": "At home the signal is bad, calls drop, the net is slow.",
        "question_zh": "家里信号差，老掉线，上网也慢。",
        "body": (
            "No discount repairs a network. Who hears of money first believes that nothing will be done.\n\n"
            "- Ask three things: where exactly (address, floor), when, what (calls, data, both; one phone or all)?\n"
            "- Rule out the phone: 5G switched on, VoLTE switched on, card in the first slot, restarted.\n"
            "- Open a fault report on the call, read out its number, say when a technician calls.\n"
            "- Calls at home only: Wi-Fi calling over the home broadband helps at once, where the phone can.\n"
            "- Promise to call back after the repair and put the appointment into this order.\n\n"
            "Say: “That must not stay so. I report it now, with your address; the colleagues look at it within this"
            " time, and I call you myself on that day to hear whether it is better.”"
        ),
        "body_zh": (
            "优惠修不好信号。先谈钱，客户就认定你不打算解决。\n\n"
            "- 问清三件事：具体位置（小区、楼层）、什么时间、什么现象（通话还是上网，一台手机还是都这样）。\n"
            "- 先排除手机：5G 开关、VoLTE 开关、卡槽、重启。\n"
            "- 当场报障，报工单号，说明维护人员多久联系。\n"
            "- 只是家里通话不好：手机支持的话，开通 WiFi 通话马上见效。\n"
            "- 承诺修复后亲自回访，并在工单上登记预约。\n\n"
            "参考话术：“这个问题不能拖。我现在就按您的地址报障，维护同事会在时限内处理，"
            "到那天我亲自给您回电，看看好了没有。”"
        ),
        "tags": ["network", "coverage", "fault"], "tags_zh": ["信号", "网络质量", "掉线", "报障"],
        "answers": ["main_reason=network", "why_left=network"], "themes": ["network"],
        "order_types": ["churn_retention"],
    },
    {
        "code": "open-complaint", "kind": "objection",
        "name": "“I have complained and nothing happens”", "name_zh": "投诉没人管、处理慢",
        "question": "I complained weeks ago and nobody has called me.",
        "question_zh": "我早就投诉了，一直没人管。",
        "body": (
            "Apologise first and do not explain. Then take the matter over: the customer has told it often enough.\n\n"
            "- Read the open ticket before you speak; do not have it told again from the beginning.\n"
            "- Say where it stands today, who has it, and what is still missing.\n"
            "- Chase it on the call. Give a day that is certain, not the earliest one.\n"
            "- Sell nothing on this call, not even a gift: it sounds like hush money.\n"
            "- Appointment in this order for the day promised, and keep it, even without a result.\n\n"
            "Say: “I am sorry, this has taken too long. I see your report of that day; it lies with this team. I follow"
            " it up now and call you on that day, whatever the result.”"
        ),
        "body_zh": (
            "先道歉，不解释。然后把事情接过来，客户已经讲过很多遍了。\n\n"
            "- 开口前先看未结工单，不要让客户从头再说。\n"
            "- 说清现在到哪一步、谁在处理、还差什么。\n"
            "- 当场催办。承诺有把握的时间，而不是最快的时间。\n"
            "- 这通电话不推销、不送礼：听着像封口费。\n"
            "- 在本工单登记预约，到时间必须回电，没有结果也要回。\n\n"
            "参考话术：“很抱歉，让您等太久了。我看到您那天反映的情况，目前在这个部门处理。"
            "我现在就催办，到那天不管有没有结果，我都给您回电。”"
        ),
        "tags": ["complaint", "ticket", "apology"], "tags_zh": ["投诉", "催办", "道歉", "回访"],
        "answers": ["main_reason=service", "why_left=service", "satisfied=no"], "themes": ["service"],
        "order_types": ["churn_retention", "care"], "dispositions": ["callback"],
    },
    {
        "code": "do-not-disturb", "kind": "objection",
        "name": "“Stop calling me”", "name_zh": "要求免打扰、别再打了",
        "question": "You call me all the time. I want no more calls.",
        "question_zh": "你们天天打电话烦不烦，别再给我打了。",
        "body": (
            "The wish holds at once and without a discussion.\n\n"
            "- Apologise in one sentence, say that it is noted, and for how long.\n"
            "- Ask nothing else, offer nothing else.\n"
            "- End the order with “Wants no more calls”: the customer goes on the do-not-disturb list, and no scenario"
            " or campaign calls any more.\n"
            "- Notices about the line itself (bill, stop, fault) still come. Say it, or the first one brings a"
            " complaint.\n"
            "- Only SMS is unwanted: the same by message, “TD” to the number that has sent it.\n\n"
            "Say: “I am sorry for the disturbance. I have noted it: we do not call you with offers any more. Only notices"
            " about your own line may still come. Good-bye.”"
        ),
        "body_zh": (
            "客户一提就生效，不讨论。\n\n"
            "- 一句话致歉，告知已登记以及有效期。\n"
            "- 不再追问，不再推荐。\n"
            "- 工单以“要求免打扰”办结：客户自动进入免打扰名单，场景和活动都不再外呼。\n"
            "- 与号码本身有关的通知（账单、停机、故障）仍会发送，要说清楚，否则第一条就会引来投诉。\n"
            "- 只是不想收短信：回复 TD 即可退订。\n\n"
            "参考话术：“抱歉打扰您了，已经为您登记，今后不再给您拨打营销电话。"
            "与您号码有关的通知可能还会收到。祝您生活愉快，再见。”"
        ),
        "tags": ["do not disturb", "opt out", "consent"], "tags_zh": ["免打扰", "退订", "骚扰", "名单"],
        "answers": [], "themes": [], "dispositions": ["do_not_call"],
        "order_types": ["churn_retention", "care", "opportunity", "win_back"],
    },
    {
        "code": "no-time-now", "kind": "objection",
        "name": "“I have no time now”", "name_zh": "现在没空、在忙",
        "question": "I am in a meeting. What is it about?",
        "question_zh": "我在开会，没空，什么事快说。",
        "body": (
            "Ten seconds: who, what for, when again. Whoever goes on talking now is not picked up next time.\n\n"
            "- Name the reason in one sentence that is worth a call back: the contract ends, points expire, the fault is"
            " repaired.\n"
            "- Put two times, not “when does it suit you?”.\n"
            "- Alt+A takes the appointment; it comes back to you and nobody else.\n"
            "- Driving: hang up at once and call again later.\n\n"
            "Say: “It is about your contract that ends this month; two minutes. Shall I call this afternoon at four, or"
            " tomorrow at ten?”"
        ),
        "body_zh": (
            "十秒钟说三件事：我是谁、什么事、什么时候再打。这时候还往下讲，下次就不接了。\n\n"
            "- 用一句值得回电的话说明来意：合约到期、积分到期、故障已修复。\n"
            "- 给两个时间让客户选，不要问“您什么时候方便”。\n"
            "- Alt+A 登记预约，到时间回到您本人，不会派给别人。\n"
            "- 客户在开车：马上结束，稍后再拨。\n\n"
            "参考话术：“您的合约这个月到期，耽误您两分钟。今天下午四点还是明天上午十点给您回电？”"
        ),
        "tags": ["appointment", "call back"], "tags_zh": ["没空", "预约", "回拨"],
        "answers": [], "themes": [], "dispositions": ["callback"], "order_types": ["churn_retention", "renewal", "care"],
    },
)  # fmt: skip
