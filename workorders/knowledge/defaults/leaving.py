"""Answers to objections of customers who are about to leave, or to need the line no more."""

LEAVING = (
    {
        "code": "porting-out", "kind": "objection",
        "name": "“I am porting my number out”", "name_zh": "客户要携号转网",
        "question": "I have asked for the porting code. I am taking my number to another operator.",
        "question_zh": "我已经申请携转授权码了，要带着号码转到别家。",
        "body": (
            "Porting is the customer's right. Never delay it, never hide a condition, never make it a matter of will:"
            " what is left to us is to learn the reason and to make a better offer once.\n\n"
            "- Ask openly: “May I ask what you would get there?” Note it; do not run the other operator down.\n"
            "- If a contract, a bundle or money owed stands in the way, say so in full now: what it is, until when, what"
            " it costs to settle.\n"
            "- Put one offer that meets the reason. Not three.\n"
            "- Says no: explain the steps of porting, thank the customer, end the call friendly.\n\n"
            "Say: “That is your choice, and I will not stand in your way. Before you decide: this is what I can do for"
            " you today. If it does not help, I will tell you what is needed for porting.”\n\n"
            "Must not be said: that the code “cannot be given”, that the number “will be lost”, that the network there"
            " is bad."
        ),
        "body_zh": (
            "携号转网是客户的权利。不得拖延、不得隐瞒条件、不得强行挽留：我们能做的，是问清原因、真诚给一次更合适的方案。\n\n"
            "- 直接问：“方便说说那边给您什么优惠吗？”记下来，不贬低友商。\n"
            "- 有合约在网、融合捆绑或欠费的，一次说全：是什么、到什么时候、结清要多少。\n"
            "- 针对原因给一个方案，不要一口气报三个。\n"
            "- 客户仍坚持：讲清携转步骤，感谢使用，友好结束。\n\n"
            "参考话术：“转不转由您决定，我不会为难您。在您决定之前，我能为您做的是这个方案；"
            "如果还是不合适，我把携转需要的条件和步骤跟您说清楚。”\n\n"
            "禁止说：“授权码发不了”“号码会作废”“那边信号很差”。"
        ),
        "tags": ["porting", "competitor", "MNP"], "tags_zh": ["携号转网", "携转", "授权码", "转网"],
        "answers": ["main_reason=rival_offer", "why_left=rival_offer"], "themes": ["rival", "contract"],
        "order_types": ["termination_retention", "churn_retention"],
    },
    {
        "code": "rival-offer", "kind": "objection",
        "name": "“Another operator offers me more”", "name_zh": "友商给的优惠更大",
        "question": "The other operator gives me twice the data for the same money.",
        "question_zh": "别家同样的钱流量多一倍，还送宽带。",
        "body": (
            "Compare what is really paid over the whole time, not the first month.\n\n"
            "- Have the offer told in full: fee, months with the discount, what it costs afterwards, contract, whether"
            " broadband or a second line is needed for it.\n"
            "- Put both side by side over two years. Say it when the other one is better; then look for what we have.\n"
            "- Remind of what is lost: the time with us, points, the family's lines in the bundle.\n"
            "- One offer that answers exactly this: data when it was about data, price when it was about price.\n\n"
            "Say: “That sounds good; let us see what it costs after the first year. With us you would pay this over two"
            " years, and you keep this.”"
        ),
        "body_zh": (
            "要比就比整个周期的实际花费，不要只比首月。\n\n"
            "- 请客户把对方方案说全：月租、优惠几个月、优惠后多少钱、合约多久、要不要另开宽带或副卡。\n"
            "- 按两年算总账放在一起比。对方确实更好就如实承认，再看我们能给什么。\n"
            "- 提醒会失去什么：网龄、积分、家里融合套餐里的其他号码。\n"
            "- 给一个正对需求的方案：客户在意流量就谈流量，在意价格就谈价格。\n\n"
            "参考话术：“这个优惠听着不错，我们一起看看优惠期过后是多少。两年算下来您在我们这边是这个数，"
            "原来的网龄和积分也都保留。”"
        ),
        "tags": ["competitor", "offer", "data"], "tags_zh": ["友商", "异网优惠", "策反", "流量"],
        "answers": ["main_reason=rival_offer", "why_left=rival_offer", "contract_wish=bigger"], "themes": ["rival"],
        "order_types": ["churn_retention"], "offers": ["gift-data", "plan-roomy"],
    },
    {
        "code": "moving-house", "kind": "objection",
        "name": "“I am moving away”", "name_zh": "搬家、去外地",
        "question": "I move to another town next month, I need neither the line nor the broadband.",
        "question_zh": "我要搬家了，去外地工作，宽带和这个号都用不上了。",
        "body": (
            "Moving is a matter of service, not of price. Solve the move and the line stays.\n\n"
            "- Ask where to and when. Within the area: check the new address for broadband and book the move on the"
            " call.\n"
            "- Another town: the number works everywhere in the country at the same price. Banks, WeChat and the"
            " school hang on it; changing it is more work than keeping it.\n"
            "- Broadband cannot be moved: say what it costs to suspend it or to end it, and offer the mobile line on"
            " its own plan.\n"
            "- Nobody will use it: offer the cheapest plan that keeps the number.\n\n"
            "Say: “Where are you moving to? Let me check the new address now. Your number goes with you in any case.”"
        ),
        "body_zh": (
            "搬家是服务问题，不是价格问题；把移机办妥了，号码自然就留下了。\n\n"
            "- 问清搬到哪里、什么时候。本地搬迁：当场查新地址资源，直接预约移机。\n"
            "- 去外地：号码全国通用、资费一样，银行卡、微信、孩子学校都绑着它，换号比留号麻烦得多。\n"
            "- 宽带无法移机：说清停机保号或拆机的费用，手机单独换一档套餐。\n"
            "- 确实不用了：推荐最低的保号套餐。\n\n"
            "参考话术：“您搬到哪里？我现在就帮您查新地址能不能装。号码您走到哪儿都能带着用。”"
        ),
        "tags": ["moving", "broadband", "address"], "tags_zh": ["搬家", "移机", "外地", "保号"],
        "answers": ["main_reason=moved", "why_left=moved"], "themes": ["usage"],
        "order_types": ["termination_retention", "bundle"],
    },
    {
        "code": "second-sim", "kind": "objection",
        "name": "“This is only my second card”", "name_zh": "副卡、第二个号不用了",
        "question": "I have another number; I hardly use this card any more.",
        "question_zh": "我有别的号，这张副卡基本不用，想销掉。",
        "body": (
            "Find out which card has become the main one, without saying what we can see.\n\n"
            "- Ask: “For what do you still use this number?” Codes by SMS, the bank, old friends: each is a reason to"
            " keep it.\n"
            "- Used for receiving only: the plan that keeps the number costs little; say its price at once.\n"
            "- Two cards with us: put them under one plan with shared data, so that the second costs next to nothing.\n"
            "- The main one is elsewhere: ask what made it the main one, and note the reason.\n\n"
            "Say: “For codes and old contacts you need only a small plan. That would be so much a month, and the number"
            " stays yours.”\n\n"
            "Never mention calls to other operators or forwarding that we see in the records."
        ),
        "body_zh": (
            "要弄清哪张卡成了主卡，但不能说出我们在系统里看到的通话情况。\n\n"
            "- 问：“这个号码您现在主要用来做什么？”收验证码、绑银行卡、老朋友联系，都是保留的理由。\n"
            "- 只用来接听和收短信：直接报保号套餐的价格。\n"
            "- 两张都是本网：合到一个套餐下做主副卡共享，第二张几乎不花钱。\n"
            "- 主卡在别家：问清当初为什么换过去，记下原因。\n\n"
            "参考话术：“收验证码、老朋友联系，用一档小套餐就够了，每月这么多，号码还是您的。”\n\n"
            "不得提及话单里看到的异网通话、呼叫转移等信息。"
        ),
        "tags": ["second SIM", "low use", "keep number"], "tags_zh": ["副卡", "双卡", "保号", "低流量"],
        "answers": ["main_reason=no_need", "why_left=no_need", "now_with=own"], "themes": ["usage", "rival"],
        "order_types": ["churn_retention"], "offers": ["plan-saver"],
    },
    {
        "code": "firm-won-by-rival", "kind": "objection",
        "name": "“Our firm changes the operator”", "name_zh": "单位集团换了运营商",
        "question": "The company has signed with another operator; everybody has to change.",
        "question_zh": "公司统一换成别家了，要求我们都换号。",
        "body": (
            "A firm's decision is not won back on the phone with one of its people. Keep the person's own line, and tell"
            " the account manager today.\n\n"
            "- Ask how far it is: signed, under trial, only announced? Which department decides, until when?\n"
            "- The own number: does the firm pay it, or the employee? A number that is paid privately need not go"
            " along.\n"
            "- Offer to take the line out of the group onto a personal plan, with the bundle at home.\n"
            "- Write down who decides and the rival's conditions as far as they are told, and hand the order to the"
            " account manager of the group.\n\n"
            "Say: “What the firm decides I understand. Your own number can stay with you privately; shall I show you"
            " what it would cost without the firm?”"
        ),
        "body_zh": (
            "集团的决定不可能靠一通电话挽回。先把个人号码留下来，当天通报集团客户经理。\n\n"
            "- 问清进展：已签约、试用，还是只是通知？哪个部门定的、什么时候切换？\n"
            "- 本人号码由单位付费还是个人付费？个人付费的不必跟着换。\n"
            "- 建议退出集团、转为个人套餐，并和家里宽带做融合。\n"
            "- 记下决策人和对方条件（客户愿意说的部分），转集团客户经理跟进。\n\n"
            "参考话术：“单位的安排我理解。您自己的号码可以转成个人的继续用，我帮您算算转出来每月多少钱？”"
        ),
        "tags": ["enterprise", "group", "competitor"], "tags_zh": ["集团", "政企", "单位换网", "客户经理"],
        "answers": ["main_reason=rival_offer"], "themes": ["group", "rival"],
        "order_types": ["churn_retention", "termination_retention"], "offers": ["business-year"],
    },
)  # fmt: skip
