"""Rules in words, and the numbers a manager may tune. Pure: no database."""

import pytest
from django.utils import translation

from campaigns.audiences.builder.widgets import draw_draft
from campaigns.audiences.rules import OPERATORS, Type, format_rule, parse
from campaigns.audiences.rules.fields import PROFILE_FIELDS
from campaigns.scenarios.defaults import SCENARIOS
from tests.campaigns.rows import ask, rule


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def say(raw):
    return format_rule(parse(raw, fields=PROFILE_FIELDS))


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        (ask("arpu", ">=", 80), "At least 80 yuan a month", "月均消费不低于80元"),
        (ask("arpu", "between", [80, 120]), "80 yuan to 120 yuan a month", "月均消费80元至120元"),
        (ask("bill_change", "<=", -0.3), "Bill down 30% or more against the mean of the three months before",
         "账单较前三月均值下降30%及以上"),
        (ask("bill_change", "<", -0.125), "Bill down more than 12.5% against the mean of the three months before",
         "账单较前三月均值下降超过12.5%"),
        (ask("bill_change", ">", 0), "Bill up against the mean of the three months before", "账单较前三月均值上升"),
        (ask("use_half_change", ">=", 0.2), "Use of calls and data up 20% or more against the last half year",
         "通话和流量使用量较近半年上升20%及以上"),
        (ask("in_share_change", ">=", 0.12),
         "Incoming share of calls up 12 percentage points or more against the mean of the three months before",
         "被叫占比较前三月均值上升12个百分点及以上"),
        (ask("line_type", "in", ["mobile", "fixed"]), "Mobile/fixed line", "移动、固话"),
        (ask("status", "=", "active"), "Active", "在网"),
        (ask("risk_tier", "in", ["high", "critical"]), "Risk tier High/Critical", "风险等级为高、极高"),
        (ask("silent", "=", True), "No use at all in 30 days", "近30天零使用"),
        (ask("silent", "=", False), "In use in the last 30 days", "近30天有使用"),
        (ask("zero_call_days", ">=", 5), "No calls for 5 days in a row or more", "连续5天及以上零通话"),
        (ask("zero_call_days", "between", [1, 9]), "No calls for 1 day to 9 days in a row", "连续零通话1天至9天"),
        (ask("days_since_complaint", "<=", 30), "Complained within the last 30 days", "近30天内有投诉"),
        (ask("complaints_90d", "=", 0), "No complaints in 90 days", "近90天投诉次数为0"),
        (ask("complaints_90d", ">=", 2), "At least 2 complaints in 90 days", "近90天投诉次数不低于2"),
        (ask("bills_unpaid", ">=", 1), "Has unpaid bills", "未缴账单数大于0"),
        (ask("calls_out_base", ">=", 20), "Usually at least 20 calls out a month", "平时月均主叫不低于20次"),
        (ask("satisfaction", "null"), "Last satisfaction answer not known", "最近一次满意度评分未知"),
        (ask("plan_code", "beginsWith", "5G"), "Plan begins with 5G", "套餐以5G开头"),
        (ask("plan_code", "!=", "5G"), "Plan known and not 5G", "套餐已知且不为5G"),
        (ask("plan_code", "notIn", ["5G", "4G"]), "Plan known and none of 5G/4G", "套餐已知且不属于5G、4G"),
        (ask("contract_ends_on", "<=", {"days_ago": -60}),
         "Contract ends no later than 60 days after the business date", "协议到期不晚于业务日期后60天"),
        (ask("contract_ends_on", "<", {"days_ago": 1}), "Contract ends before 1 day before the business date",
         "协议到期早于业务日期前1天"),
        (ask("contract_ends_on", "nextDays", 60), "Contract ends within the next 60 days", "协议到期在未来60天内"),
        (ask("last_call_on", "lastDays", 7), "Last call within the last 7 days", "最近通话日期在近7天内"),
        (ask("bill_last", "<", "bill_base", valueSource="field", factor=0.7),
         "Last bill under 70% of the mean bill of the three months before", "上月账单低于前三月月均账单的70%"),
        (ask("bill_last", "<=", 0.7, valueSource="baseline", least_base=50, least_change=10),
         "Bill down 30% or more against its own baseline (by at least 10 yuan, from at least 50 yuan)",
         "账单较自身基线下降30%及以上（变化量不低于10元，基线不低于50元）"),
        (ask("data_recent", ">", 2, valueSource="baseline", least_base=500),
         "Data use up more than 100% against its own baseline (from at least 500 MB)",
         "流量较自身基线上升超过100%（基线不低于500MB）"),
        (ask("calls_out_recent", ">=", 0.7, valueSource="baseline", least_base=20),
         "Calls out at least 70% of its own baseline (from at least 20 calls)",
         "主叫次数不低于自身基线的70%（基线不低于20次）"),
        (ask("spend_mom", "<=", -0.3), "Spend of the month down 30% or more against the month before",
         "月消费环比下降30%及以上"),
        (ask("customer_months", "<", 12), "Customer with us under 12 months", "客户网龄低于12个月"),
        (ask("points_expiring_30d", ">=", 500), "At least 500 points expiring within 30 days",
         "30天内到期积分不低于500分"),
        (ask("bills_6m", "<=", 1), "At most one bill in six months", "近六个月账单数不超过1张"),
        (ask("bills_6m", "<=", 2), "At most 2 bills in six months", "近六个月账单数不超过2张"),
        (ask("discount_lost", ">", 0), "Discount on the bill down", "账单优惠减少"),
        (ask("days_since_left", "between", [30, 90]), "Left 30 days to 90 days ago", "离网30天至90天"),
        (ask("roaming_days", ">=", 5), "Roaming on at least 5 days of the last 30", "近30天漫游天数不低于5天"),
        (ask("contacts_90d", ">=", 2), "At least 2 contacts by us in 90 days", "近90天接触次数不低于2"),
        (ask("tier_move", "in", ["up", "down"]), "Member tier last moved up/down", "最近一次会员级别变化为升级、降级"),
        (ask("service_fit", "null"), "No service fits its use", "无适合订购的增值业务"),
        (ask("in_cohort", "=", False), "In no snapshot cohort", "非拍照用户"),
    ],
)  # fmt: skip
def test_a_condition_is_said_as_an_operator_says_it(condition, english, chinese):
    assert say(rule(condition)) == english
    with translation.override("zh-hans"):
        assert say(rule(condition)) == chinese


def test_alternatives_are_told_apart_from_what_must_all_hold():
    either = rule(ask("silent", "=", True), ask("vas_count", "=", 0), combinator="or")
    assert say(rule(ask("arpu", ">", 80), either)) == (
        "More than 80 yuan a month, either no use at all in 30 days or no value-added services"
    )
    both = rule(ask("in_contract", "=", True), ask("is_bundle", "=", True))
    assert say(rule(ask("silent", "=", True), both, combinator="or")) == (
        "No use at all in 30 days or (in contract and on a bundle)"
    )
    with translation.override("zh-hans"):
        assert say(rule(ask("arpu", ">", 80), either)) == "月均消费超过80元，（近30天零使用或增值业务为0）"


def test_what_is_left_out_is_said_with_unless():
    gone = rule(ask("status", "=", "terminated"), negated=True)
    assert say(gone) == "All lines unless terminated"
    assert say(rule(ask("arpu", ">", 80), gone)) == "More than 80 yuan a month, unless terminated"
    with translation.override("zh-hans"):
        assert say(gone) == "全部用户，剔除已拆机"


def test_or_not_known_is_said_of_the_condition_before_it():
    either = rule(ask("credit_score", ">=", 50), ask("credit_score", "null"), combinator="or")
    assert say(either) == "Credit score at least 50 points or not known"


def test_no_field_of_numbers_is_said_by_a_label_with_a_comma():
    """A comma stands between conditions: such a label needs words of its own in `phrases`."""
    for field in PROFILE_FIELDS.values():
        if field.is_number:
            assert "," not in say(rule(ask(field.key, ">=", 7))), field.key
            with translation.override("zh-hans"):
                assert "，" not in say(rule(ask(field.key, "<", 7))), field.key


# Each sentence was read by eye, in both languages.
SHIPPED = {
    "S1": (
        "Active, in a snapshot cohort, either risk tier High/Critical or (at least 60 yuan a month and bill down 30% or"
        " more against the mean of the three months before) or (usually at least 20 calls out a month and calls out"
        " down 50% or more against the mean of the three months before) or at least 5 calls forwarded to a competitor"
        " in the last 30 days",
        "在网，拍照用户，（风险等级为高、极高或（月均消费不低于60元且账单较前三月均值下降30%及以上）"
        "或（平时月均主叫不低于20次且主叫次数较前三月均值下降50%及以上）或近30天呼转异网不低于5次）",
    ),
    "S2": (
        "Active, member tier changed within the last 15 days, either member tier last moved down or (member tier last"
        " moved up and member tier Gold card/Diamond card)",
        "在网，近15天内会员级别有变化，（最近一次会员级别变化为降级或（最近一次会员级别变化为升级且会员级别为金卡、钻石卡））",
    ),
    "S9": (
        "Active, mobile, has no roaming pack, either roaming began within the last 3 days or (roaming on at least 5"
        " days of the last 30 and roaming on at most 15 days of the last 30 and roamed within the last 2 days)",
        "在网，移动，未订漫游包，"
        "（近3天内开始漫游或（近30天漫游天数不低于5天且近30天漫游天数不超过15天且近2天内有漫游））",
    ),
    "S10": (
        "Active, either at least 300 points expiring within 60 days or (at least 2,000 points collected and no points"
        " redeemed in 180 days)",
        "在网，（60天内到期积分不低于300分或（积分不低于2,000分且近180天未兑换积分））",
    ),
    "S15": (
        "Active, loyalty score at least 70 points, with us at least 1,095 days, unless contacted by us within the last"
        " 180 days, unless has complaints in 90 days",
        "在网，忠诚度得分不低于70分，入网不低于1,095天，剔除近180天内接触过，剔除近90天投诉次数大于0",
    ),
    "S19": (
        "Active, with us at least 25 days, with us at most 60 days, at most one bill in six months",
        "在网，入网不低于25天，入网不超过60天，近六个月账单数不超过1张",
    ),
    "S11": (
        "Active, mobile, at least 5,120 MB of data in the plan, at most 10% of the data in the plan used, usually at"
        " most 20% of the data in the plan used, with us at least 120 days",
        "在网，移动，套餐内流量不低于5,120MB，套餐内流量使用率不超过10%，平时套餐内流量使用率不超过20%，入网不低于120天",
    ),
    "S11-over": (
        "Active, mobile, at least 120% of the data in the plan used, at least 15 yuan for data beyond the plan on the"
        " last bill, at least 20% of the last bill spent on data beyond the plan",
        "在网，移动，套餐内流量使用率不低于120%，上月账单套餐外流量费不低于15元，超套流量费占上月账单比例不低于20%",
    ),
    "S12": (
        "Active, a service fits its use, no services ordered in 90 days, no services cancelled in 90 days, at least 30"
        " yuan a month",
        "在网，有适合订购的增值业务，近90天订购增值业务数为0，近90天退订业务数为0，月均消费不低于30元",
    ),
    "S25": (
        "Active, a candidate for a bundle, the line to speak to about a bundle, would save at least 5 yuan a month in a"
        " bundle, not in contract, not opted out of profiling",
        "在网，融合目标用户，融合推荐联系人，办理融合每月可省不低于5元，不在协议期内，未拒绝画像",
    ),
    "S24": (
        "Left at least 30 days ago, left within the last 90 days, reason of leaving Port-out/Voluntary termination, at"
        " least 50 yuan a month before leaving, unless either in arrears or has unpaid bills",
        "离网不低于30天，近90天内离网，离网原因为携号转网、主动拆机，离网前月均消费不低于50元，"
        "剔除（有欠费或未缴账单数大于0）",
    ),
    "S23": ("All lines unless terminated", "全部用户，剔除已拆机"),
    "S20": ("All lines unless terminated", "全部用户，剔除已拆机"),
    "S3": ("Active, at least 80 yuan a month", "在网，月均消费不低于80元"),
    "S22": ("All lines unless terminated", "全部用户，剔除已拆机"),
    "S13": (
        "Active, either risk tier High/Critical or risk decile 1, unless no gain is expected of a contact",
        "在网，（风险等级为高、极高或风险十分位为1），剔除接触预期无收益",
    ),
    "S17": (
        "Active, mobile, no calls for 5 days in a row or more, usually at least 20 calls out a month",
        "在网，移动，连续5天及以上零通话，平时月均主叫不低于20次",
    ),
    "C6-group": (
        "Active, in a group of at least 3 lines, at least 80 yuan a month, either at least 25% of the group gone in 90"
        " days or (at least 10% of the group gone in 90 days and at least 15% of the group forwarding to a competitor)",
        "在网，群组成员不低于3户，月均消费不低于80元，"
        "（近90天群组离网占比不低于25%或（近90天群组离网占比不低于10%且群组呼转异网占比不低于15%））",
    ),
    "C6-second-sim": (
        "Active, mobile, at least 80 yuan a month, incoming share of calls up 12 percentage points or more against the"
        " mean of the three months before, calls out down 30% or more against the mean of the three months before",
        "在网，移动，月均消费不低于80元，被叫占比较前三月均值上升12个百分点及以上，主叫次数较前三月均值下降30%及以上",
    ),
    "S4": (
        "Active, at least 80 yuan a month, bill down 30% or more against the mean of the three months before",
        "在网，月均消费不低于80元，账单较前三月均值下降30%及以上",
    ),
    "S8": ("Active, contract still running, contract ends within 60 days", "在网，协议未到期，协议60天内到期"),
    "S18": (
        "Active, plan rated on 3 months or more, would save at least 3 yuan a month on the best plan, not in contract,"
        " proposing the best plan pays",
        "在网，套餐测算满3个月及以上，换最适配套餐每月可省不低于3元，不在协议期内，推荐最适配套餐有收益",
    ),
    "S5": (
        "Stopped, unless on the red list, either status reason arrears or in arrears or has unpaid bills, unless last"
        " stopped more than 30 days ago, either credit score at least 50 points or not known",
        "已停机，剔除红名单，（状态原因为欠费或有欠费或未缴账单数大于0），剔除停机超过30天，（信用度不低于50分或未知）",
    ),
    "S7": (
        "Active, unless on the red list, month ends within 5 days, too little for the month-end deduction, either"
        " credit score under 85 points or not known or month ends within 1 day",
        "在网，剔除红名单，距月底5天以内，余额不足以支付月底扣帐，（信用度低于85分或未知或距月底1天以内）",
    ),
    "S14": (
        "Active, minutes out down 30% or more against the mean of the three months before, either (prepaid and balance"
        " under 30 yuan) or (has a deposit and deposit of under 30 yuan)",
        "在网，主叫时长较前三月均值下降30%及以上，（（预付费且余额低于30元）或（有预存且预存余额低于30元））",
    ),
    "S6": (
        "Active, unless on the red list, prepaid, either balance under 10 yuan or balance lasts at most 3 days, either"
        " credit score under 85 points or not known or balance lasts at most 1 day",
        "在网，剔除红名单，预付费，（余额低于10元或余额可用不超过3天），（信用度低于85分或未知或余额可用不超过1天）",
    ),
    "W10-value": (
        "Active, mobile, at least 80 yuan a month, with us at least 3 months, either last contacted by us at least 90"
        " days ago or not known",
        "在网，移动，月均消费不低于80元，入网不低于3个月，（距最近一次接触不低于90天或未知）",
    ),
    "W10-network": (
        "Active, mobile, under 80 yuan a month, with us at least 3 months, either last contacted by us at least 180"
        " days ago or not known",
        "在网，移动，月均消费低于80元，入网不低于3个月，（距最近一次接触不低于180天或未知）",
    ),
    "W10-broadband": (
        "Active, broadband, with us at least 3 months, either last contacted by us at least 90 days ago or not known,"
        " either contract ends within 90 days or at least 2 faults in 90 days or in use on at most 5 days of the last"
        " 30",
        "在网，宽带，入网不低于3个月，（距最近一次接触不低于90天或未知），"
        "（协议90天内到期或近90天报障次数不低于2或近30天使用天数不超过5天）",
    ),
    "W10-landline": (
        "Active, wireless landline, with us at least 3 months, either last contacted by us at least 90 days ago or not"
        " known, either no calls for 10 days in a row or more or at least 5% of the calls dropped or contract ends"
        " within 60 days",
        "在网，无线座机，入网不低于3个月，（距最近一次接触不低于90天或未知），"
        "（连续10天及以上零通话或掉话占比不低于5%或协议60天内到期）",
    ),
}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one["code"])
def test_the_shipped_scenarios_read_as_an_operator_says_them(scenario):
    english, chinese = SHIPPED[scenario["code"]]
    assert say(scenario["rule"]) == english
    with translation.override("zh-hans"):
        assert say(scenario["rule"]) == chinese


@pytest.mark.parametrize(
    ("language", "known", "unknown"), [("en", "is known", "not known"), ("zh-hans", "已知", "未知")]
)
def test_the_builder_says_at_each_negation_what_becomes_of_missing_values(language, known, unknown):
    with translation.override(language):
        labels = {sign for sign, operator in OPERATORS.items() if known in str(operator.label_for(Type.TEXT))}
        assert labels == {"!=", "notIn", "notNull"}
        modes = draw_draft({"combinator": "and", "not": False, "rules": []}, {}).modes
        assert {mode for mode, label in modes if unknown in str(label)} == {"not-and", "not-or"}


def test_a_sentence_follows_the_language_of_the_reader():
    raw = rule(ask("line_type", "=", "mobile"))
    tree = parse(raw, fields=PROFILE_FIELDS)
    told = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told[language] = format_rule(tree)
    assert told == {"en": "Mobile", "zh-hans": "移动"}
