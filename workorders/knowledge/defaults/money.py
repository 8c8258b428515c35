"""Answers to objections about price, bills, contracts and points."""

MONEY = (
    {
        "code": "too-expensive", "kind": "objection",
        "name": "“Your plan is too expensive”", "name_zh": "嫌资费贵、月租高",
        "question": "I pay too much every month. The others are cheaper.",
        "question_zh": "每个月话费太高了，别家比你们便宜。",
        "body": (
            "Agree that the bill should fit the use; do not defend the plan.\n\n"
            "- Open the last three bills with the customer: what is the plan fee, what came on top of it?\n"
            "- Compare with the use of the last three months. Most often it is either data beyond the plan or minutes"
            " that are paid for and not used.\n"
            "- Work out the plan that fits, and say both figures: what is paid now, what would be paid.\n\n"
            "Say: “Let us look at your bill together. Of what you paid, this much is the plan and this much came on top."
            " With a plan that fits your use you would pay so much a month. Shall I change it from next month?”\n\n"
            "Offer a discount only when no plan fits. A discount that ends brings the same call again in half a year."
        ),
        "body_zh": (
            "先认同“话费要花得值”，不要替套餐辩解。\n\n"
            "- 和客户一起看近三个月账单：套餐月租多少，套餐外多少。\n"
            "- 对照近三个月实际用量，多数是流量超套，或者语音分钟数买多了没用完。\n"
            "- 算出适合的套餐，两个数字都要报：现在每月多少，换完每月多少。\n\n"
            "参考话术：“我帮您一起看下账单。您上个月的费用里，套餐是这些，另外这部分是套餐外产生的。"
            "按您的用量，换成这档套餐每月大概是这个数，下个月就能生效，我帮您改过来好吗？”\n\n"
            "没有合适套餐时才谈优惠。优惠到期后话费回弹，半年后客户还会为同一件事打来。"
        ),
        "tags": ["price", "plan", "bill"], "tags_zh": ["资费", "套餐", "降档", "月租"],
        "answers": ["main_reason=price", "why_left=price", "contract_wish=cheaper"], "themes": ["price"],
        "order_types": ["churn_retention"], "offers": ["plan-saver"],
    },
    {
        "code": "bill-doubt", "kind": "objection",
        "name": "“I do not understand this bill”", "name_zh": "账单有疑问、多扣费",
        "question": "You charge me for things I never ordered.",
        "question_zh": "账单对不上，乱扣费，我没订过这个业务。",
        "body": (
            "A doubt about the bill is a doubt about us. Clear it on this call or say who will, and when.\n\n"
            "- Ask for the month and the amount. Read the bill line by line; do not sum it up.\n"
            "- A service the customer does not know: name the day and the way it was ordered. If we cannot prove it, end"
            " it and open a complaint for the money back.\n"
            "- Data beyond the plan: say on which days it arose, and switch on the limit if the customer wants one.\n"
            "- What you cannot explain: open a ticket, give its number, promise a day that is certain.\n\n"
            "Say: “You are right to ask. I will go through it with you line by line, and what should not be there I"
            " will have checked.”\n\n"
            "Do not say “the system has charged it”, and do not send the customer to another hotline."
        ),
        "body_zh": (
            "对账单有疑问，就是对我们不放心。能当场讲清的当场讲清，讲不清的说明谁来办、什么时候有结果。\n\n"
            "- 先问清是哪个月、多少钱，再逐项核对，不要笼统带过。\n"
            "- 客户不认可的增值业务：说清订购时间和订购渠道；拿不出订购凭证的，先退订，再按规定受理退费投诉。\n"
            "- 套餐外流量：说清是哪几天产生的，客户愿意的话当场设置流量封顶。\n"
            "- 当场解释不了的：建单，报工单号，只承诺有把握的时间。\n\n"
            "参考话术：“您问得对，我陪您一项一项核对，不该收的我马上给您登记核查。”\n\n"
            "不要说“系统扣的”，也不要让客户再打别的电话。"
        ),
        "tags": ["bill", "complaint", "refund"], "tags_zh": ["账单", "扣费", "增值业务", "退费"],
        "answers": ["first_bill=higher", "first_bill=unclear", "main_reason=service"], "themes": ["price", "service"],
        "order_types": ["new_subscriber_visit"],
    },
    {
        "code": "termination-fee", "kind": "objection",
        "name": "“Why must I pay to leave?”", "name_zh": "提前解约违约金",
        "question": "I want to end the contract. Why do I have to pay a fee?",
        "question_zh": "我要解约，凭什么还收违约金？",
        "body": (
            "Say what the contract says, with its date, and never threaten with the fee: it keeps nobody and brings"
            " complaints.\n\n"
            "- Read out: when the contract began, when it ends, what was given for it (handset, credit, discount).\n"
            "- Work out the fee of today and when it falls to nothing. Often waiting a few months costs less than"
            " leaving now; let the customer see it.\n"
            "- Ask what the reason behind it is: moving house, the bill, the network. The fee is seldom the matter"
            " itself.\n"
            "- Check whether the contract can move to a plan that fits, or to somebody in the family.\n\n"
            "Say: “The contract runs until this day, and for it you were given this. If you end it today it costs so"
            " much; from that day it costs nothing. May I ask what has made you want to leave?”\n\n"
            "If the customer was not told of the fee when signing, open a complaint; do not argue."
        ),
        "body_zh": (
            "照合约说清楚，报准日期，千万不要拿违约金吓唬客户：留不住人，只会招来投诉。\n\n"
            "- 说清三件事：合约什么时候开始、什么时候到期、当时给了什么（终端、话费、折扣）。\n"
            "- 算出今天解约要付多少、到哪天就不用付了。很多时候再等几个月更划算，让客户自己比较。\n"
            "- 问清背后的原因：搬家、话费还是信号。违约金往往不是问题本身。\n"
            "- 看能不能换成合适的套餐继续履约，或者过户给家人使用。\n\n"
            "参考话术：“您的合约到这一天为止，当时享受了这项优惠。今天解约需要付这么多，到期后就不用了。"
            "方便说说是什么原因想解约吗？”\n\n"
            "客户说办理时没人告知违约金的，直接登记投诉核查，不要争辩。"
        ),
        "tags": ["contract", "fee", "termination"], "tags_zh": ["违约金", "解约", "合约", "提前终止"],
        "answers": [], "themes": ["contract"], "order_types": ["termination_retention", "renewal"],
        "dispositions": ["refused"],
    },
    {
        "code": "contract-ends", "kind": "objection",
        "name": "“My contract ends, I will look around”", "name_zh": "合约到期、想看看别家",
        "question": "The contract is over soon; I do not want to bind myself again.",
        "question_zh": "合约快到期了，不想再绑约，想看看别家。",
        "body": (
            "Whoever is out of contract leaves most easily: talk about what stays, not about what binds.\n\n"
            "- Say when it ends and what ends with it: which discount, from which month the bill rises.\n"
            "- Ask first what should be different: price, data, a new phone, home broadband.\n"
            "- Put two choices and no more: the short renewal with less, the long one with more.\n"
            "- Does not want to be bound: say what the plan costs without a contract, note the wish, call again before"
            " the day.\n\n"
            "Say: “Your contract ends on this day, and from the next month the discount would be gone. If we renew now,"
            " nothing changes on your bill. Would you rather have the shorter or the longer one?”"
        ),
        "body_zh": (
            "合约到期的客户最容易走：多说“留下什么”，少说“绑定什么”。\n\n"
            "- 说清哪天到期、到期后哪项优惠没有了、从哪个月起话费会涨。\n"
            "- 先问客户希望改变什么：资费、流量、换手机，还是家里宽带。\n"
            "- 只给两个选择：短期少送、长期多送。\n"
            "- 不愿再绑约的：说清不签约的资费，登记意向，到期前再联系一次。\n\n"
            "参考话术：“您的合约到这天到期，下个月起原来的折扣就没有了。现在续约，账单不变。"
            "您看选半年的还是两年的？”"
        ),
        "tags": ["contract", "renewal"], "tags_zh": ["合约到期", "续约", "绑约", "政策到期"],
        "answers": ["contract_wish=undecided", "contract_wish=same"], "themes": ["contract"],
        "order_types": ["renewal"], "offers": ["renew-long", "renew-short"],
    },
    {
        "code": "points-expire", "kind": "objection",
        "name": "“My points have run out unused”", "name_zh": "积分过期、积分没用",
        "question": "The points are good for nothing, and then they expire.",
        "question_zh": "积分没什么用，还说过期就过期。",
        "body": (
            "Points are the cheapest reason to stay: they are there already. Turn them into something on this call.\n\n"
            "- Say how many there are and how many expire on which day.\n"
            "- Name two things they are enough for today, the most useful one first: credit on the next bill, data.\n"
            "- Offer to redeem it now, on the call, and say when it arrives.\n"
            "- Points that have expired cannot be given back by you. Say so, and open a complaint if nobody was told"
            " before.\n\n"
            "Say: “You have so many points, and part of them end this month. That is enough for this much credit. Shall"
            " I redeem it for you now?”"
        ),
        "body_zh": (
            "积分是最省成本的挽留理由，本来就是客户的，关键是当场帮客户用掉。\n\n"
            "- 报清现有积分、哪天有多少要到期。\n"
            "- 说出两样今天就够兑的，先说最实在的：抵话费、兑流量。\n"
            "- 问客户要不要现在就兑，说清什么时候到账。\n"
            "- 已经过期的积分坐席无权恢复，如实说明；客户表示从未收到提醒的，登记投诉核查。\n\n"
            "参考话术：“您现在有这么多积分，其中一部分这个月底到期，够兑换这么多话费，我现在帮您兑了好吗？”"
        ),
        "tags": ["points", "expiry", "rewards"], "tags_zh": ["积分", "积分到期", "兑换", "清零"],
        "themes": [], "order_types": ["care"], "offers": ["bonus-points"],
    },
)  # fmt: skip
