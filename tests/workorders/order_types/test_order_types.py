"""Order types and dispositions as data: what ships, what is read, what an administrator may change."""

import pytest
from django.urls import reverse

from retention.core.errors import Invalid
from tests.workorders.rows import make_hit, open_orders
from workorders.order_types import defaults, rules
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.services import install_order_types

FIELD = {"key": "why", "label": "Why?", "choices": [{"value": "a", "label": "A"}]}


@pytest.mark.parametrize("kind", defaults.ORDER_TYPES, ids=lambda kind: kind["code"])
def test_a_shipped_type_is_readable_bilingual_and_offers_known_dispositions(kind):
    read = rules.read(kind["flow"], kind["fields"])
    assert set(read.dispositions) <= {one["code"] for one in defaults.DISPOSITIONS}
    for text in (kind["name_zh"], kind["script_zh"], *(one.label_zh for one in read.fields)):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text), text
    assert len(kind["script"].splitlines()) == len(kind["script_zh"].splitlines())


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (({"steps": []}, []), "bad_flow"),
        (({"max_attempts": 0}, []), "bad_flow"),
        (({"appointment_days": "two"}, []), "bad_flow"),
        (({}, [FIELD, FIELD]), "bad_fields"),
        (({}, [FIELD | {"kind": "colour"}]), "bad_fields"),
        (({}, [FIELD | {"choices": []}]), "bad_fields"),
        (({}, [{"label": "no key"}]), "bad_fields"),
    ],
)
def test_a_flow_that_cannot_be_read_says_which_part(parts, code):
    with pytest.raises(Invalid) as error:
        rules.read(*parts)
    assert error.value.code == code


def test_required_answers_count_only_when_the_contact_is_complete():
    read = rules.read({}, [FIELD | {"required": True}])
    assert read.check_answers({}, complete=False) == {}
    with pytest.raises(Invalid) as error:
        read.check_answers({}, complete=True)
    assert error.value.details[0]["field"] == "answer_why"
    assert read.check_answers({"why": "a"}, complete=True) == {"why": "a"}


@pytest.mark.django_db
def test_installing_again_keeps_what_an_administrator_changed():
    assert install_order_types() == {
        "order_types": len(defaults.ORDER_TYPES),
        "dispositions": len(defaults.DISPOSITIONS) + len(defaults.HEADINGS),
    }
    Disposition.objects.filter(code="no_answer").update(retry_after_hours=6)
    OrderType.objects.filter(code="care").update(active=False)
    assert install_order_types() == {"order_types": 0, "dispositions": 0}
    assert Disposition.objects.get(code="no_answer").retry_after_hours == 6
    assert not OrderType.objects.get(code="care").active


@pytest.mark.django_db
def test_every_choosable_disposition_has_one_effect_and_hotkeys_are_unique():
    install_order_types()
    leaves = list(Disposition.objects.choosable())
    assert len(leaves) == len(defaults.DISPOSITIONS)
    for leaf in leaves:
        assert [leaf.closes, leaf.needs_appointment, bool(leaf.retry_after_hours)].count(True) == 1, leaf.code
    keys = [leaf.hotkey for leaf in leaves if leaf.hotkey]
    assert sorted(keys) == list(range(1, 10))


@pytest.mark.django_db
def test_new_orders_take_the_newest_active_version():
    install_order_types()
    OrderType.objects.create(code="care", version=2, name="Care call", purpose="care", active=False)
    OrderType.objects.create(code="renewal", version=2, name="Renewal", purpose="renewal")
    current = {one.code: one.version for one in OrderType.objects.current()}
    first = {one["code"] for one in defaults.ORDER_TYPES} - {"opportunity", "complaint_follow_up", "renewal"}
    shipped = dict.fromkeys(first, 1) | {"opportunity": 2, "complaint_follow_up": 2}
    assert current == shipped | {"renewal": 2}


@pytest.mark.django_db
def test_an_administrator_cannot_change_a_type_in_use_but_can_save_it_as_the_next_version(client, ada):
    (order,) = open_orders(make_hit())
    client.force_login(ada)
    page = reverse("admin:workorders_ordertype_change", args=[order.type.pk])
    form = {
        "name": "Changed", "name_zh": "改", "code": "churn_retention", "version": 2, "purpose": "retention",
        "priority": 2, "due_hours": 1, "flow": '{"max_attempts": 2}', "fields": "[]", "script": "Hello",
        "script_zh": "您好", "active": "on",
    }  # fmt: skip
    client.post(page, form)
    order.type.refresh_from_db()
    assert (order.type.version, order.type.due_hours) == (1, 48)
    client.post(page, form | {"_saveasnew": "1"})
    assert OrderType.objects.get(code="churn_retention", version=2).due_hours == 1


@pytest.mark.django_db
def test_the_administration_refuses_a_flow_that_cannot_be_read(client, ada):
    client.force_login(ada)
    form = {
        "name": "New", "code": "new", "version": 1, "purpose": "care", "priority": 2, "due_hours": 1,
        "flow": '{"steps": 1}', "fields": "[]",
    }  # fmt: skip
    answer = client.post(reverse("admin:workorders_ordertype_add"), form)
    assert answer.status_code == 200
    assert "flow" in answer.context["adminform"].form.errors
    assert not OrderType.objects.filter(code="new").exists()
