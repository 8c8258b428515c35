"""The fourteen types of work that ship: all of them publishable, in both languages, with words of their own."""

import pytest

from customers.lists.models import ListEntry
from retention.core.accounts.roles import ALL_PERMISSIONS
from tests.workorders.orders.flows import found
from workorders.order_types import defaults
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.effects import EFFECTS
from workorders.orders.problems import Vocabulary

NAMES = {
    "new_subscriber_visit": "新入网回访", "mid_high_value_visit": "中高端回访", "full_network_visit": "全网回访",
    "broadband_care": "宽带维系", "wireless_landline_care": "无线座机维系", "churn_retention": "高危挽留",
    "renewal": "二次续约", "termination_retention": "拆机挽留", "win_back": "离网赢回", "opportunity": "商机",
    "complaint_follow_up": "投诉回访", "care": "关怀", "enterprise_inspection": "政企巡检/走访",
    "fault_escalation": "报障",
}  # fmt: skip
CLOSING = {one["code"]: bool(one.get("closes")) for one in defaults.DISPOSITIONS}


def test_all_types_of_the_trade_ship():
    assert {one["code"]: one["name_zh"] for one in defaults.ORDER_TYPES if one["code"] in NAMES} == NAMES


@pytest.mark.django_db
@pytest.mark.parametrize("kind", defaults.ORDER_TYPES, ids=lambda kind: f"{kind['code']}-{kind['version']}")
def test_a_shipped_type_may_be_published(kind):
    install_order_types()
    words = Vocabulary(ALL_PERMISSIONS, CLOSING, EFFECTS)
    parts = {name: kind[name] for name in ("stages", "moves", "flow", "fields")}
    assert found(parts, words) == []


def test_every_type_has_a_talk_track_and_ends_of_its_own():
    newest = {one["code"]: one for one in defaults.ORDER_TYPES}
    scripts = [one["script_zh"] for one in newest.values()]
    assert len(set(scripts)) == len(scripts)
    assert all(len(one["script_zh"].splitlines()) >= 3 for one in newest.values())
    assert {one["priority"] for one in newest.values()} == set(range(1, 8))


@pytest.mark.django_db
def test_only_faults_and_inspections_stand_beside_the_order_of_a_customer():
    install_order_types()
    beside = set(OrderType.objects.current().filter(one_open=False).values_list("code", flat=True))
    assert beside == {"fault_escalation", "enterprise_inspection"}


@pytest.mark.django_db
def test_what_an_effect_may_name_is_there():
    install_order_types()
    assert EFFECTS["write_list"].params[0].accepts(ListEntry.Kind.DO_NOT_DISTURB)
    assert not EFFECTS["write_list"].params[0].accepts("vip")
    assert EFFECTS["open_follow_up"].params[0].accepts("fault_escalation")
    assert not EFFECTS["open_follow_up"].params[0].accepts("none_such")
    assert EFFECTS["write_list"].params[1].accepts(None)
    assert not EFFECTS["write_list"].params[1].accepts(0)
