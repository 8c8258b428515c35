"""S21 is one calendar of 22 kinds: its rows, its page, its texts and its orders."""

from datetime import date

import pytest
from django.utils import translation

from campaigns.audiences.text import fill_text, format_evidence
from campaigns.care.defaults import KINDS
from campaigns.care.services import install_care
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.services.nightly import run_scenarios
from campaigns.scenarios.text import format_when
from retention.core.errors import Invalid
from retention.core.managed.services import update
from tests.campaigns.care.rows import earn, install_only, line_of
from tests.factories import NOW, TODAY, make_list_entry
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.services.scenario_opening import open_from_hits
from workorders.orders.text import causes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
CHINESE = [
    "生日祝福关怀", "生日礼品馈赠", "节日关怀", "健康关怀",
    "重大/突发事件关怀", "积分第一次获取关怀", "积分变动关怀", "积分流失关怀",
    "积分清零预警关怀", "短信/彩信手机存储满提示", "数据业务无法正常使用告警", "彩铃换歌提醒",
    "客户缴费到帐关怀", "优惠到帐关怀", "绿色帐单关怀", "客户余额动态提醒",
    "投诉客户回访关怀", "会员客户状态变更关怀", "会员卡发放", "网厅业务订购关怀",
    "网厅缴费查询关怀", "网络割接预告关怀",
]  # fmt: skip


def test_all_22_kinds_ship_switched_on_with_both_languages_and_pass_their_own_checks():
    assert install_care() == 22
    kinds = list(Scenario.objects.order_by("pk"))
    assert [one.name_zh for one in kinds] == CHINESE
    assert all(one.enabled and one.built_in and one.hint and one.hint_zh for one in kinds)
    assert {(one.calendar, one.purpose) for one in kinds} == {("S21", "care")}
    for one in kinds:
        one.normalize()
        one.check_ready()
        assert one.occasion or one.event_kinds
    assert install_care() == 0


def test_a_kind_by_sms_is_only_listed_and_a_kind_by_call_opens_a_care_order():
    ways = {(row["action"], row["channel"], row.get("order_type", "")) for row in KINDS}
    assert ways == {("report_only", "sms", ""), ("open_order", "call", "care")}


def test_the_trigger_reads_as_a_calendar_entry():
    install_care()
    said = {one.code: format_when(one) for one in Scenario.objects.all()}
    assert said["S21-birthday"] == "Birthday; on the day"
    assert said["S21-birthday-gift"] == "Birthday; 3 days before"
    assert said["S21-payment"] == "Payment received; 1 day after"
    assert said["S21-health"] == "Double Ninth Festival, 04-07, 08-08, 11-08; on the day"
    assert said["S21-mailbox-full"] == "As events arrive: Message store full"
    with translation.override("zh-hans"):
        assert format_when(Scenario.objects.get(code="S21-birthday-gift")) == "生日；提前3天"


def test_a_birthday_gift_becomes_a_care_order_whose_talk_track_is_filled_in():
    install_order_types()
    install_only("birthday-gift")
    line = line_of(born=date(1980, 11, 24), customer_tier="gold")
    run_scenarios(as_of=TODAY, now=NOW)
    assert open_from_hits(as_of=TODAY, now=NOW).opened == 1
    order = WorkOrder.objects.get()
    assert (order.type.code, order.source, order.subscriber_id) == ("care", "S21-birthday-gift", line.pk)
    (cause,) = causes(order, today=TODAY)
    assert cause.hint.startswith(f"Congratulate {line.customer.name} on the birthday of 24 Nov 2026")
    assert list(cause.events) == [("Birthday", "24 Nov 2026")]


def test_who_is_not_to_be_called_gets_no_care_order():
    install_order_types()
    install_only("birthday-gift")
    line = line_of(born=date(1980, 11, 24), customer_tier="gold")
    make_list_entry(customer=line.customer)
    run_scenarios(as_of=TODAY, now=NOW)
    assert open_from_hits(as_of=TODAY, now=NOW).refused == 1
    hit = ScenarioHit.objects.get()
    assert (hit.state, hit.reason) == (ScenarioHit.State.REFUSED, "do_not_disturb")


def test_a_hit_says_its_occasion_in_both_languages():
    install_only("first-points")
    line = line_of()
    earn(line, 1200)
    run_scenarios(as_of=TODAY, now=NOW)
    hit = ScenarioHit.objects.get()
    assert format_evidence(hit.evidence, {})[0] == ("First points", "20 Nov 2026, 1,200 points")
    text = fill_text(hit.scenario.hint_zh, hit.evidence, customer="王伟")
    assert text == "尊敬的王伟，您首次获得1,200积分，可兑换话费、流量和礼品。"
    with translation.override("zh-hans"):
        assert format_evidence(hit.evidence, {})[0][0] == "首次获得积分"


def test_a_value_that_is_not_known_is_a_dash_and_braces_of_other_texts_stay():
    assert fill_text("{customer}: {amount} {}", {}, customer="Li") == "Li: – {}"


BAD = [
    ("hint", "Dear {nobody}", "unknown_variable"),
    ("hint_zh", "{amount}", "unknown_variable"),
    ("occasion", "moonshine", "unknown"),
    ("days", 91, "out_of_range"),
]


@pytest.mark.parametrize(("field", "value", "code"), BAD)
def test_a_wrong_setting_is_refused_with_field_and_reason(field, value, code, request):
    install_care()
    actor = request.getfixturevalue("ada")
    with pytest.raises(Invalid) as refused:
        update(model=Scenario, actor=actor, code="S21-birthday", version=1, values={field: value})
    assert [(one["field"], one["code"]) for one in refused.value.details] == [(field, code)]


@pytest.mark.parametrize(
    ("code", "values", "field"),
    [
        ("S21-payment", {"days": 0}, "days"),
        ("S21-festival", {"dates": []}, "dates"),
        ("S21-festival", {"dates": ["13-40"]}, "dates"),
        ("S21-festival", {"dates": ["yesterday"]}, "dates"),
    ],
)
def test_days_that_an_occasion_cannot_have_are_refused(code, values, field, request):
    install_care()
    with pytest.raises(Invalid) as refused:
        update(model=Scenario, actor=request.getfixturevalue("ada"), code=code, version=1, values=values)
    assert refused.value.details[0]["field"] == field


def test_the_calendar_lists_its_kinds_with_counts_and_the_days_that_come(manager):
    install_care()
    page = manager.get("/scenarios/S21/")
    body = page.content.decode()
    assert len(page.context["table"].rows) == 22
    assert "until you choose “Send a message”" in body
    assert "SMS: only listed" in body
    coming = [(row.get_cell_value("day"), row.get_cell("what")) for row in page.context["coming"].rows]
    assert coming == [(date(2027, 1, 1), "New Year&#x27;s Day")] or coming == [(date(2027, 1, 1), "New Year's Day")]


def test_the_list_of_scenarios_has_the_calendar_as_one_row_with_its_counts(request, client):
    install_only("first-points")
    line = line_of()
    earn(line, 30)
    run_scenarios(as_of=TODAY, now=NOW)
    client.force_login(request.getfixturevalue("ada"))
    rows = [row.record for row in client.get("/scenarios/").context["table"].rows]
    (row,) = [one for one in rows if one["code"].startswith("S21")]
    assert (row["code"], row["href"], row["found"], row["new"]) == ("S21", "/scenarios/S21/", 1, 1)


def test_a_kind_is_changed_in_the_form_of_scenarios(request, client):
    install_care()
    client.force_login(request.getfixturevalue("ada"))
    form = client.get("/scenarios/S21-festival/edit/").context["form"]
    assert form.initial["festivals"][0] == "new_year"
    sent = {
        "name": "Festival", "name_zh": "节日关怀", "action": "report_only", "channel": "sms", "purpose": "care",
        "priority": "8", "cooldown_days": "3", "occasion": "festival", "days": "1", "festivals": ["mid_autumn"],
        "dates": "03-08、12-25", "version": "1", "part": ["r", "r-0"], "r.mode": "and", "r-0.field": "arpu",
        "r-0.operator": ">=", "r-0.value": "80",
    }  # fmt: skip
    assert client.post("/scenarios/S21-festival/edit/", sent).status_code == 302
    kind = Scenario.objects.get(code="S21-festival")
    assert (kind.days, kind.dates, kind.channel, kind.calendar) == (1, ["mid_autumn", "03-08", "12-25"], "sms", "S21")
    answer = client.post("/scenarios/S21-festival/edit/", sent | {"dates": "13-01", "version": "2"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["dates"] == ["13-01 is no day of the year: write month and day as 04-07."]
