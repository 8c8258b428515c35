"""Articles: how things are done, for reading before and during a call."""

ARTICLES = (
    {
        "code": "porting-rules", "kind": "article",
        "name": "Porting out: what applies and in which order", "name_zh": "携号转网办理规则与步骤",
        "question": "Conditions, steps and what an agent must not do.",
        "question_zh": "办理条件、步骤，以及坐席的红线。",
        "body": (
            "A number may be ported when it is registered to the person by name, in normal use, without money owed and"
            " without an agreement that is still running, and when the last porting lies far enough back (120 days).\n\n"
            "Steps\n\n"
            "- The customer asks by SMS whether the number may be ported; the answer names what stands in the way.\n"
            "- With an agreement: settle it, wait for its end, or pay what it provides for.\n"
            "- The customer asks by SMS for the authorisation code; it is valid for a short time only.\n"
            "- With code and identity card to a shop of the new operator.\n\n"
            "Red lines\n\n"
            "- No waiting, no “the system is down”, no refusal without a ground that is named.\n"
            "- No agreement put on afterwards in order to bind a number.\n"
            "- No running down of other operators, no false statements about the network or the price.\n\n"
            "One sincere offer is allowed. After a clear no the talk is over."
        ),
        "body_zh": (
            "号码须为本人实名登记、状态正常、无欠费、没有在网期限限制的协议，且距上次携转已满规定期限（120 日），方可携转。\n\n"
            "步骤\n\n"
            "- 客户发短信查询携转资格，回复会列明不满足的条件。\n"
            "- 有协议的：办结、等到期，或按协议支付相应费用。\n"
            "- 客户发短信申请授权码，授权码有效期较短。\n"
            "- 凭授权码和身份证到携入方营业厅办理。\n\n"
            "红线\n\n"
            "- 不得拖延，不得以“系统故障”推脱，不得无理由拒绝。\n"
            "- 不得事后为客户加办协议来限制携转。\n"
            "- 不得贬低友商，不得就网络、资费作不实陈述。\n\n"
            "可以真诚挽留一次；客户明确拒绝后即止。"
        ),
        "tags": ["porting", "rules", "MNP"], "tags_zh": ["携号转网", "授权码", "红线", "流程"],
        "answers": ["main_reason=rival_offer"], "themes": ["rival", "contract"], "order_types": ["termination_retention"],
    },
    {
        "code": "read-the-risk", "kind": "article",
        "name": "How to read the reasons beside the form", "name_zh": "怎样看懂“流失原因”",
        "question": "What the reasons mean, which may be said and which not.",
        "question_zh": "各项原因是什么意思，哪些能说、哪些不能说。",
        "body": (
            "The probability says how often customers like this one leave, not that this one will. The reasons say what"
            " speaks for it; begin the talk with the strongest one that may be said.\n\n"
            "- Price, contract, service, network, payment, handset: may be spoken about openly.\n"
            "- Contact with competitors, household and group, how the line was sold: known to you, never told to the"
            " customer.\n"
            "- “What has changed” shows what is new since a month ago; that is mostly the reason for today's call.\n\n"
            "Ask before you tell. The customer's own reason goes before that of the model; choose it in the form, and"
            " the articles here follow it."
        ),
        "body_zh": (
            "概率说的是“像这样的客户有多少会走”，不是“这位客户一定会走”。原因说明依据是什么，从可以说的最强原因切入。\n\n"
            "- 资费、合约、服务、网络、缴费、终端：可以直接和客户谈。\n"
            "- 与友商的联系、家庭与集团、入网方式：您心里有数，不得对客户说。\n"
            "- “变化”一栏是近一个月新出现的情况，多半就是今天这通电话的原因。\n\n"
            "先问后说。客户自己说的原因优先于模型的判断；在表单里选上，知识库会跟着给出对应的话术。"
        ),
        "tags": ["risk", "reasons", "talk"], "tags_zh": ["流失原因", "预警", "开场"],
        "themes": ["usage", "price", "service"], "order_types": ["churn_retention"],
    },
    {
        "code": "choose-the-offer", "kind": "article",
        "name": "Which offer for which reason", "name_zh": "对症给优惠：原因与方案对照",
        "question": "From the customer's reason to the offer, without giving away too much.",
        "question_zh": "从客户原因到挽留方案，不多给、不乱给。",
        "body": (
            "First a solution, then a plan, then a gift, and money last.\n\n"
            "- Price: the plan that fits. A credit only when no plan fits.\n"
            "- Data runs out: the roomier plan, or the data voucher for three months.\n"
            "- Contract ends: renewal, short or long.\n"
            "- Network or service: no offer before the matter is solved; a small thank-you afterwards.\n"
            "- Many years with us: the gift for years with us, named as thanks.\n\n"
            "Offers stand in the order of what they gain; the first one is meant for this customer. What is above your"
            " ceiling goes to the supervisor: do not promise it before the answer is there."
        ),
        "body_zh": (
            "先解决问题，再换套餐，再送权益，最后才谈钱。\n\n"
            "- 嫌贵：换合适的套餐，没有合适的才给话费优惠。\n"
            "- 流量不够：升一档，或者送三个月流量券。\n"
            "- 合约到期：续约，长短两档让客户选。\n"
            "- 网络或服务：问题没解决前不谈优惠，解决后再表示心意。\n"
            "- 老客户：网龄回馈，以感谢的名义给。\n\n"
            "优惠按收益排序，第一个就是为这位客户准备的。超出本人权限的需主管审批，批复前不得承诺。"
        ),
        "tags": ["offer", "ceiling", "discount"], "tags_zh": ["优惠", "方案", "审批", "权限"],
        "answers": ["main_reason=price"], "themes": ["price", "contract"],
        "order_types": ["churn_retention", "renewal"],
        "offers": ["gift-credit", "gift-data", "network-age", "plan-saver", "renew-long"],
    },
    {
        "code": "bundle-guide", "kind": "article",
        "name": "Mobile and broadband together", "name_zh": "融合套餐怎么讲",
        "question": "For whom a bundle pays, how to work it out, what to check before.",
        "question_zh": "适合谁、怎么算账、办之前查什么。",
        "body": (
            "A household that has everything with us stays longest. It pays when somebody at home pays another operator"
            " for broadband.\n\n"
            "- Ask who at home has which line and when the broadband contract elsewhere ends.\n"
            "- Check the address before you speak of a price.\n"
            "- Add up what the household pays today, all lines together; say the one figure it would be.\n"
            "- Say how the change goes: new line first, old one ended afterwards, no evening without a net.\n\n"
            "Contract elsewhere still running: note its end, call again a month before."
        ),
        "body_zh": (
            "全家都在我们这里的家庭最稳定。家里有人在别家交宽带费，融合就划算。\n\n"
            "- 问清家里几个号、宽带是哪家、合约什么时候到期。\n"
            "- 先查地址资源，再报价。\n"
            "- 把全家现在的花费加起来，再报融合后的一个总数。\n"
            "- 讲清怎么切换：先装新、后拆旧，不断网。\n\n"
            "别家合约没到期：记下到期日，提前一个月再联系。"
        ),
        "tags": ["bundle", "broadband", "household"], "tags_zh": ["融合", "宽带", "家庭", "全家享"],
        "answers": ["home_broadband=rival", "home_broadband=none", "contract_wish=bundle"], "themes": ["contract", "group"],
        "order_types": ["bundle"],
    },
    {
        "code": "privacy-on-calls", "kind": "article",
        "name": "Identity and privacy on the call", "name_zh": "通话中的身份核实与信息保护",
        "question": "Whom you may tell what, and what is never read out.",
        "question_zh": "对谁能说什么，哪些信息绝不能念。",
        "body": (
            "Before anything about bills, contract or points: make sure that you speak with the holder.\n\n"
            "- Ask for the last digits of the identity card or the service password; do not read them out yourself.\n"
            "- Somebody else answers: say only that you are calling from customer care and when you call again.\n"
            "- Never name: other lines of the household, who was called, where the phone was, what a model says.\n"
            "- The full number is shown for dialling only; each look is logged.\n"
            "- Says that data may not be used for such calls: note the objection; it holds from now on."
        ),
        "body_zh": (
            "谈账单、合约、积分之前，先确认对方是机主本人。\n\n"
            "- 请客户报证件后几位或服务密码，自己不要先念。\n"
            "- 他人接听：只说客服中心来电、什么时候再打。\n"
            "- 绝不能说：家人号码、与谁通话、位置、模型的判断。\n"
            "- 完整号码仅供拨打，每次查看都有记录。\n"
            "- 客户表示不同意将其信息用于此类外呼的：登记后立即生效。"
        ),
        "tags": ["privacy", "identity", "consent"], "tags_zh": ["身份核实", "隐私", "个人信息", "合规"],
        "themes": [], "order_types": ["churn_retention", "renewal", "care", "win_back"],
    },
    {
        "code": "termination-steps", "kind": "article",
        "name": "The line is to be ended: the talk step by step", "name_zh": "拆机挽留五步法",
        "question": "Thank, ask, solve, offer once, let go in friendship.",
        "question_zh": "感谢、问因、解决、给一次方案、好聚好散。",
        "body": (
            "- Thank for the time with us; say the number of years.\n"
            "- Ask for the reason and let the customer finish. Choose it in the form.\n"
            "- Solve what can be solved now: fault report, change of plan, move.\n"
            "- One offer that fits the reason, with its end and its conditions.\n"
            "- A no is a no: say what is still to be paid, when the line ends, what becomes of points and credit.\n\n"
            "Alternatives before the end: suspend the line and keep the number, the smallest plan, hand it over to"
            " somebody in the family.\n\n"
            "Whoever leaves in friendship can be won back; the win-back call comes by itself after some weeks."
        ),
        "body_zh": (
            "- 感谢多年支持，报出在网年限。\n"
            "- 问原因，让客户说完，在表单里选上。\n"
            "- 能解决的当场解决：报障、换套餐、移机。\n"
            "- 针对原因给一个方案，说清期限和条件。\n"
            "- 客户拒绝就是拒绝：说清还要交多少、哪天停、积分和余额怎么处理。\n\n"
            "拆机前的替代办法：停机保号、最低套餐、过户给家人。\n\n"
            "好聚好散的客户还能赢回，过几周系统会自动安排赢回电话。"
        ),
        "tags": ["termination", "steps", "keep number"], "tags_zh": ["拆机", "挽留", "停机保号", "过户"],
        "answers": ["main_reason=no_need"], "themes": ["usage"], "order_types": ["termination_retention"],
    },
    {
        "code": "arrears-and-stops", "kind": "article",
        "name": "Stopped for unpaid bills: helping without blame", "name_zh": "欠费停机客户怎么沟通",
        "question": "Get the line running again and find out whether it is still wanted.",
        "question_zh": "帮客户复机，弄清号码还要不要用。",
        "body": (
            "- Begin with help: “Your line is stopped; shall we get it running again?” Not with the debt.\n"
            "- Say the sum and how it can be paid at once; how long the line takes to come back.\n"
            "- Ask why: forgotten, another card in use, a doubtful bill? A doubt goes to the bill check first.\n"
            "- Offer the automatic payment or another day of the month.\n"
            "- No longer wanted: better an orderly end than a debt with a mark. Say both.\n\n"
            "Threaten with nothing. What follows from not paying is said once, soberly."
        ),
        "body_zh": (
            "- 从帮忙说起：“您的号码停机了，我帮您恢复使用。”不要一上来就催款。\n"
            "- 报清金额、缴费方式、多久复机。\n"
            "- 问原因：忘了、在用别的号，还是账单有疑问？有疑问的先核账单。\n"
            "- 推荐自动缴费，或者调整扣款日。\n"
            "- 确实不用了：正常销户好过欠费留记录，两种后果都说清。\n\n"
            "不威胁。不缴费的后果平静地说一次即可。"
        ),
        "tags": ["arrears", "stop", "payment"], "tags_zh": ["欠费", "停机", "复机", "自动缴费"],
        "themes": ["payment"], "order_types": ["churn_retention"],
    },
    {
        "code": "handset-renewal", "kind": "article",
        "name": "An old phone as a reason to renew", "name_zh": "换机时机与终端合约",
        "question": "When to speak of a new phone and how to work it out.",
        "question_zh": "什么时候谈换机、账怎么算。",
        "body": (
            "A phone of two or three years is the moment at which people look around. Speak of it before the shop of the"
            " other operator does.\n\n"
            "- Ask how the phone serves: battery, storage, 5G.\n"
            "- Say the price of the handset alone, and with the contract; the difference is what the contract gives.\n"
            "- Say the months and the monthly sum in one sentence, and the fee when it ends early.\n"
            "- An elderly customer: offer help in the shop with moving data to the new phone.\n\n"
            "Whoever only wants the phone is better served without a contract; say so."
        ),
        "body_zh": (
            "手机用了两三年，正是客户四处看的时候。要赶在别家营业厅之前开口。\n\n"
            "- 问手机好不好用：电池、内存、支不支持 5G。\n"
            "- 报裸机价和合约价，差额就是合约给的优惠。\n"
            "- 一句话说清几个月、每月多少、提前解约多少。\n"
            "- 老年客户：可以到营业厅帮忙转移资料。\n\n"
            "只想买手机的客户，不签合约更合适，如实告知。"
        ),
        "tags": ["handset", "5G", "contract"], "tags_zh": ["换机", "终端", "合约机", "5G"],
        "themes": ["handset", "contract"], "order_types": ["renewal", "opportunity"],
    },
    {
        "code": "first-bill-visit", "kind": "article",
        "name": "New customers: the first bill explained", "name_zh": "新入网首月账单讲解",
        "question": "Why the first bill looks odd, and what to check with a new customer.",
        "question_zh": "首月账单为什么看着不一样，回访时查什么。",
        "body": (
            "Most who leave in the first three months were told something else at the sale. Ask early.\n\n"
            "- The first month is charged by days or in full, as the plan says; the discount often begins in the second."
            " Say which it is here.\n"
            "- Read out plan, discount and services, and ask whether that is what was promised.\n"
            "- What was not promised: put it right at once and note the shop in the order.\n"
            "- Check name, second number and address; explain how to see use and bill in the app."
        ),
        "body_zh": (
            "入网三个月内离网的，多半是受理时说的和实际不一样，要尽早问。\n\n"
            "- 首月按天还是按整月收，折扣从首月还是次月起，按本套餐的规则讲清。\n"
            "- 念出套餐、优惠、已订业务，问客户是不是当时答应的。\n"
            "- 与承诺不符的：马上更正，并在工单注明受理网点。\n"
            "- 核对姓名、备用联系电话、地址，教客户在 App 上查用量和账单。"
        ),
        "tags": ["new customer", "first bill"], "tags_zh": ["新入网", "首月账单", "回访", "折扣"],
        "answers": ["first_bill=higher", "first_bill=unclear", "first_bill=not_seen"], "themes": ["joining"],
        "order_types": ["new_subscriber_visit"],
    },
)  # fmt: skip
