"""Order types and dispositions as the administration changes them: running orders keep what they were opened with."""

import pytest

from campaigns.scenarios.models import Scenario
from retention.core.administration.services import Seen
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid, Refused
from tests.workorders.rows import make_hit, make_scenario, open_orders
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.services import change_disposition, change_order_type, install_order_types

pytestmark = pytest.mark.django_db
TYPES, TYPE = "/administration/order-types/", "/administration/order-types/of/churn_retention/"
EDIT = f"{TYPE}edit/"
DISPOSITIONS, NEW = "/administration/dispositions/", "/administration/dispositions/new/"


@pytest.fixture
def administrator(client, ada, standing_clock):
    install_order_types()
    client.force_login(ada)
    return client


def filled(client, url, **given):
    form = client.get(url).context["form"]
    sent = {
        field.html_name: field.value() for field in form if not (field.value() is False or field.value() in (None, ""))
    }
    return {name: value for name, value in (sent | given).items() if value is not None}


def of(code):
    return f"{DISPOSITIONS}of/{code}/"


def test_a_save_without_change_makes_no_version(administrator):
    assert administrator.post(EDIT, filled(administrator, EDIT)).status_code == 302
    assert not AuditEntry.objects.filter(action="order_type.change").exists()
    assert OrderType.objects.get(code="churn_retention").version == 1


def test_a_type_with_orders_gets_a_next_version_and_the_orders_keep_theirs(administrator, ada):
    (before,) = open_orders(make_hit())
    sent = filled(administrator, EDIT, due_hours=24, max_attempts=2, name="Keep them")
    sent["dispositions"] = [code for code in sent["dispositions"] if code != "considering"]
    assert administrator.post(EDIT, sent).status_code == 302
    before.type.refresh_from_db()
    assert (before.type.version, before.type.due_hours, before.type.name) == (1, 48, "Churn retention")
    assert before.type.flow["max_attempts"] == 3
    (after,) = open_orders(make_hit())
    assert (after.type.version, after.type.due_hours, after.type.name) == (2, 24, "Keep them")
    assert after.type.flow["max_attempts"] == 2
    assert "considering" not in after.type.flow["dispositions"]
    assert after.type.fields == before.type.fields
    entry = AuditEntry.objects.get(action="order_type.change")
    assert (entry.actor, entry.target, entry.detail["version"]) == (ada, "ordertype:churn_retention", 2)
    assert entry.detail["changes"]["due_hours"] == [48, 24]
    history = {row.record["after"] for row in administrator.get(TYPE).context["history"].rows}
    assert "24" in history


def test_names_and_priority_change_in_place(administrator):
    (order,) = open_orders(make_hit())
    administrator.post(EDIT, filled(administrator, EDIT, name_zh="高危客户挽留", priority=1))
    order.type.refresh_from_db()
    assert (order.type.version, order.type.name_zh, order.type.priority) == (1, "高危客户挽留", 1)


def test_a_type_without_orders_changes_in_place(administrator):
    administrator.post(EDIT, filled(administrator, EDIT, due_hours=24))
    row = OrderType.objects.get(code="churn_retention")
    assert (row.version, row.due_hours) == (1, 24)


def test_a_type_has_its_own_keys_and_running_orders_keep_theirs(administrator):
    (before,) = open_orders(make_hit())
    page = administrator.get(EDIT)
    names = [field.html_name for field in page.context["form"].visible_fields()]
    assert names[names.index("dispositions") + 1 :][:9] == [f"key_{digit}" for digit in range(1, 10)]
    sent = filled(administrator, EDIT, key_1="retained", key_2="refused")
    assert administrator.post(EDIT, sent).status_code == 302
    (after,) = open_orders(make_hit())
    before.type.refresh_from_db()
    assert ("keys" in before.type.flow, after.type.flow["keys"]) == (False, {"1": "retained", "2": "refused"})
    assert "Alt+1 Stays with us, Alt+2 Refuses" in administrator.get(TYPE).text
    history = [row.record["after"] for row in administrator.get(TYPE).context["history"].rows]
    assert any("Alt+1 Stays with us" in one for one in history)
    cleared = filled(administrator, EDIT, key_1=None, key_2=None)
    assert administrator.post(EDIT, cleared).status_code == 302
    assert OrderType.objects.current().get(code="churn_retention").flow["keys"] == {}


def test_a_disposition_on_two_keys_or_not_offered_is_refused_at_its_key(administrator):
    answer = administrator.post(EDIT, filled(administrator, EDIT, key_1="retained", key_4="retained"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["key_4"])
    sent = filled(administrator, EDIT, key_1="refused")
    sent["dispositions"] = [code for code in sent["dispositions"] if code != "refused"]
    answer = administrator.post(EDIT, sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["key_1"])


def test_a_type_that_scenarios_use_stays_on(administrator):
    make_scenario(code="S4")
    answer = administrator.post(EDIT, filled(administrator, EDIT, active=None))
    assert answer.status_code == 422
    assert "S4" in answer.text
    assert OrderType.objects.get(code="churn_retention").active


def test_a_type_is_switched_off_in_all_its_versions_and_back_on_in_the_newest(administrator):
    open_orders(make_hit(scenario=make_scenario(code="S4")))
    administrator.post(EDIT, filled(administrator, EDIT, due_hours=24))
    Scenario.objects.update(enabled=False)
    assert administrator.post(EDIT, filled(administrator, EDIT, active=None)).status_code == 302
    assert not OrderType.objects.current().filter(code="churn_retention").exists()
    administrator.post(EDIT, filled(administrator, EDIT, active="on"))
    assert OrderType.objects.current().get(code="churn_retention").version == 2


def test_the_list_counts_open_orders_and_names_scenarios(administrator, client, sam):
    open_orders(make_hit(scenario=make_scenario(code="S4")), make_hit())
    rows = {row.record.type.code: row.record for row in administrator.get(TYPES).context["table"].rows}
    assert (rows["churn_retention"].open_orders, rows["churn_retention"].scenarios) == (2, ["S4"])
    assert (rows["care"].open_orders, rows["care"].scenarios) == (0, [])
    found = administrator.get("/supervise/?type=churn_retention").context["table"].paginator.count
    assert found == 2
    client.force_login(sam)
    rows = {row.record.type.code: row.record.open_orders for row in client.get(TYPES).context["table"].rows}
    assert rows["churn_retention"] == client.get("/supervise/?type=churn_retention").context["table"].paginator.count


@pytest.mark.parametrize(("field", "value"), [
    ("due_hours", "0"), ("due_hours", "9" * 5000), ("max_attempts", "-1"), ("priority", "NaN"), ("purpose", "fun"),
    ("appointment_days", "99999"), ("dispositions", "nothing"), ("script", "x" * 4001), ("name", ""),
])  # fmt: skip
def test_impossible_values_of_a_type(administrator, field, value):
    answer = administrator.post(EDIT, filled(administrator, EDIT, **{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_a_flow_must_leave_a_way_to_close(administrator):
    answer = administrator.post(EDIT, filled(administrator, EDIT, dispositions=["no_answer", "callback"]))
    assert answer.status_code == 422
    assert "could not be closed" in answer.text
    assert "retained" in OrderType.objects.get(code="churn_retention").flow["dispositions"]


def test_two_who_change_a_type_at_once(administrator, ada):
    sent = filled(administrator, EDIT, due_hours=24)
    change_order_type(actor=ada, code="churn_retention", values={"priority": 9}, seen=Seen({"priority": 2}))
    answer = administrator.post(EDIT, sent)
    assert answer.status_code == 409
    again = sent | {"known": answer.context["stored"], "merge": "1"}
    assert administrator.post(EDIT, again).status_code == 302
    row = OrderType.objects.get(code="churn_retention")
    assert (row.priority, row.due_hours) == (9, 24)


def test_a_disposition_changes_for_contacts_from_now_on(administrator, ada):
    sent = filled(administrator, of("no_answer"), retry_after_hours=6, name_zh="无人应答")
    assert administrator.post(of("no_answer"), sent).status_code == 302
    row = Disposition.objects.get(code="no_answer")
    assert (row.retry_after_hours, row.name_zh, row.result) == (6, "无人应答", "no_answer")
    entry = AuditEntry.objects.get(action="disposition.change")
    assert entry.detail["changes"] == {"retry_after_hours": [4, 6], "name_zh": ["无人接听", "无人应答"]}


def test_what_a_disposition_counts_as_stays(administrator, ada):
    assert "result" not in administrator.get(of("retained")).context["form"].fields
    administrator.post(of("retained"), filled(administrator, of("retained"), result="refused", reached=None))
    assert Disposition.objects.get(code="retained").result == "retained"
    with pytest.raises(ValueError, match="result"):
        change_disposition(actor=ada, code="retained", values={"result": "refused"}, seen=Seen())


@pytest.mark.parametrize(("given", "field"), [
    ({"closes": "on"}, "closes"),  # and tried again after hours: two at once
    ({"retry_after_hours": None}, "closes"),  # none of the three
    ({"hotkey": "2"}, "hotkey"),  # that of another
    ({"hotkey": "10"}, "hotkey"),
    ({"hotkey": "²"}, "hotkey"),
    ({"retry_after_hours": "0"}, "retry_after_hours"),
    ({"list_days": "30"}, "list_days"),
    ({"adds_to_list": "vip"}, "adds_to_list"),
    ({"parent": "999999"}, "parent"),
])  # fmt: skip
def test_a_disposition_that_contradicts_itself_is_refused_at_its_field(administrator, given, field):
    answer = administrator.post(of("no_answer"), filled(administrator, of("no_answer"), **given))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_the_last_end_of_a_type_stays(administrator, ada):
    OrderType.objects.filter(code="care").update(flow={"dispositions": ["no_answer", "informed"]})
    answer = administrator.post(of("informed"), filled(administrator, of("informed"), active=None))
    assert answer.status_code == 422
    assert "Care call" in answer.text
    assert Disposition.objects.get(code="informed").active


def test_a_new_disposition_is_offered_once_a_type_ticks_it(administrator):
    reached = Disposition.objects.get(code="reached")
    new = {
        "code": "moving", "name": "Moves away", "name_zh": "迁居", "parent": reached.pk, "position": 20,
        "result": "refused", "reached": "on", "closes": "on", "active": "on",
    }  # fmt: skip
    assert administrator.post(NEW, new).status_code == 302
    row = Disposition.objects.get(code="moving")
    assert (row.result, row.reached, row.closes, row.parent) == ("refused", True, True, reached)
    sent = filled(administrator, EDIT)
    sent["dispositions"] = [*sent["dispositions"], "moving"]
    administrator.post(EDIT, sent)
    assert OrderType.objects.get(code="churn_retention").flow["dispositions"][-1] == "moving"
    for taken in ("moving", "new", "a b"):
        assert administrator.post(NEW, new | {"code": taken}).status_code == 422


def test_headings_are_no_ends(administrator):
    assert administrator.get(of("reached")).status_code == 404


@pytest.mark.parametrize("who", ["sam", "mia"])
def test_supervisors_and_managers_read_and_do_not_change(client, request, who):
    install_order_types()
    person = request.getfixturevalue(who)
    client.force_login(person)
    assert client.get(TYPE).status_code == 200
    page = client.get(DISPOSITIONS)
    assert "Closes the order" in page.text
    assert "/administration/dispositions/of/" not in page.text
    for url in (EDIT, of("no_answer"), NEW):
        assert client.post(url, {"name": "X"}).status_code == 403
    with pytest.raises(Refused):
        change_order_type(actor=person, code="care", values={"priority": 1}, seen=Seen({"priority": 6}))


def test_the_service_refuses_to_take_the_last_end_too(administrator, ada):
    OrderType.objects.filter(code="care").update(flow={"dispositions": ["informed"]})
    with pytest.raises(Invalid) as refused:
        change_disposition(actor=ada, code="informed", values={"active": False}, seen=Seen({"active": True}))
    assert refused.value.code == "no_end"


def test_pages_are_chinese(administrator):
    administrator.cookies["django_language"] = "zh-hans"
    assert "可预约的最长天数" in administrator.get(TYPE).text
    assert "4 小时后再次外呼" in administrator.get(DISPOSITIONS).text
    assert (
        "须且只能选一项"
        in administrator.post(of("no_answer"), filled(administrator, of("no_answer"), closes="on")).text
    )
