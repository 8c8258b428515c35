"""The editor of order types: draft, problems at their rows, trial run, publishing, and what running orders keep."""

import pytest

from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Refused
from tests.workorders.rows import make_hit, open_orders
from workorders.flows import services
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder

pytestmark = pytest.mark.django_db
OF = "/administration/order-types/of/churn_retention/"
FLOW, DRAFT, TRIAL = f"{OF}flow/", f"{OF}draft/", f"{OF}trial/"


@pytest.fixture
def administrator(client, ada, standing_clock):
    install_order_types()
    client.force_login(ada)
    return client


def filled(page, **given):
    """What the form of a draft would send, rows included."""
    form = page.context["form"]
    parts = [form, *(one.management_form for one in form.sections.values())]
    parts += [row for one in form.sections.values() for row in one]
    sent = {}
    for part in parts:
        for field in part:
            value = field.value()
            if value is not None and value is not False and value != "":
                sent[field.html_name] = value
    return sent | given


def started(client):
    assert client.post(f"{DRAFT}start/").status_code == 302
    return client.get(DRAFT)


def place(page, prefix, key):
    """The prefix of the row with this key."""
    (row,) = (row for row in page.context["form"].sections[prefix] if row["key"].value() == key)
    return row.prefix


def test_a_draft_is_begun_from_the_version_in_use_and_saving_it_unchanged_changes_nothing(administrator):
    page = started(administrator)
    draft = OrderType.objects.drafts().get()
    before = (draft.stages, draft.moves, draft.flow, draft.fields)
    assert (draft.version, page.context["problems"]) == (2, [])
    answer = administrator.post(DRAFT, filled(page))
    assert answer.status_code == 302, answer.context["form"].errors
    draft.refresh_from_db()
    assert [one["key"] for one in draft.stages] == [one["key"] for one in before[0]]
    assert services.problems_of(draft) == []
    again = (draft.stages, draft.moves, draft.flow, draft.fields)
    assert administrator.post(DRAFT, filled(administrator.get(DRAFT))).status_code == 302
    draft.refresh_from_db()
    assert (draft.stages, draft.moves, draft.flow, draft.fields) == again
    assert OrderType.objects.current().get(code="churn_retention").version == 1
    started(administrator)
    assert OrderType.objects.drafts().count() == 1


def test_a_row_more_keeps_what_is_typed_and_saves_nothing(administrator):
    page = started(administrator)
    answer = administrator.post(DRAFT, filled(page, add="stages", name="Typed"))
    assert answer.status_code == 200
    assert answer.context["form"]["name"].value() == "Typed"
    assert len(answer.context["form"].sections["stages"]) == len(page.context["form"].sections["stages"]) + 1
    assert OrderType.objects.drafts().get().name == "Churn retention"


def test_a_stage_nobody_comes_to_is_shown_at_its_row_and_cannot_be_published(administrator):
    page = started(administrator)
    sent = filled(page)
    at = len(page.context["form"].sections["stages"])
    sent |= {
        "stages-TOTAL_FORMS": at + 1, f"stages-{at}-key": "island", f"stages-{at}-phase": "in_progress",
        f"stages-{at}-label": "Island", f"stages-{at}-label_zh": "孤岛",
    }  # fmt: skip
    assert administrator.post(DRAFT, sent).status_code == 302
    page = administrator.get(DRAFT)
    (problem,) = page.context["problems"]
    assert problem.anchor == "stage-island"
    assert f'id="{problem.anchor}"' in page.content.decode()
    answer = administrator.post(f"{DRAFT}publish/", follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["It cannot be published: 1 problem."]
    assert OrderType.objects.drafts().exists()
    sent = filled(page, **{f"{place(page, 'stages', 'island')}-DELETE": "on"})
    assert administrator.post(DRAFT, sent).status_code == 302
    assert administrator.get(DRAFT).context["problems"] == []


def test_a_published_version_is_for_new_orders_only(administrator, ada):
    (running,) = open_orders(make_hit())
    page = started(administrator)
    sent = filled(page, lease_seconds=120, wrap_up_seconds=45, name="Churn calls", key_3="refused")
    row = place(page, "stages", "queued")
    sent |= {f"{row}-key": "to_call", f"{row}-label": "To be called"}
    for one in page.context["form"].sections["moves"]:
        for name in ("to", "sources"):
            value = one[name].value()
            keys = ["to_call" if key == "queued" else key for key in ([value] if name == "to" else value)]
            sent[one[name].html_name] = keys[0] if name == "to" else keys
    assert administrator.post(DRAFT, sent).status_code == 302
    assert administrator.post(f"{DRAFT}publish/").status_code == 302
    (after,) = open_orders(make_hit())
    assert (after.type.version, after.type.lease_seconds, after.stage) == (2, 120, "to_call")
    assert (after.type.wrap_up_seconds, running.type.wrap_up_seconds) == (45, 0)
    assert (after.type.flow["keys"], "keys" in running.type.flow) == ({"3": "refused"}, False)
    running.refresh_from_db()
    assert (running.type.version, running.stage) == (1, "queued")
    entry = AuditEntry.objects.get(action="order_type.publish")
    assert (entry.actor, entry.detail["version"]) == (ada, 2)
    versions = administrator.get(FLOW).context["versions"].rows
    assert [(row.record.type.version, row.record.open_orders) for row in versions] == [(2, 1), (1, 1)]
    assert WorkOrder.objects.count() == 2


def test_an_effect_is_a_row_of_its_own(administrator):
    page = started(administrator)
    sent = filled(page)
    sent |= {
        "effects-TOTAL_FORMS": 1, "effects-0-move": "complete", "effects-0-name": "open_follow_up",
        "effects-0-param_order_type": "care", "effects-0-param_hours": 12, "effects-0-field": "satisfied",
        "effects-0-values": "no, partly",
    }  # fmt: skip
    assert administrator.post(DRAFT, sent).status_code == 302
    draft = OrderType.objects.drafts().get()
    (move,) = (one for one in draft.moves if one["key"] == "complete")
    assert move["effects"] == [
        {"name": "open_follow_up", "params": {"order_type": "care", "hours": 12},
         "when": {"field": "satisfied", "is": ["no", "partly"]}},
    ]  # fmt: skip
    assert services.problems_of(draft) == []
    assert (
        "Opens a follow-up order (Care call, 12), when satisfied is no, partly"
        in administrator.get(FLOW).content.decode()
    )
    administrator.post(DRAFT, filled(administrator.get(DRAFT), **{"effects-0-move": "none_such"}))
    assert {one.code for one in services.problems_of(OrderType.objects.drafts().get())} >= {"unknown_via"}


def test_two_editors_the_second_one_sees_both_versions(administrator):
    page = started(administrator)
    assert administrator.post(DRAFT, filled(page, name="First")).status_code == 302
    answer = administrator.post(DRAFT, filled(page, name="Second"))
    assert answer.status_code == 409
    assert OrderType.objects.drafts().get().name == "First"
    assert "Second" in answer.content.decode()


def test_a_trial_run_writes_nothing(administrator):
    started(administrator)
    before = OrderType.objects.count(), AuditEntry.objects.count()
    page = administrator.get(f"{TRIAL}?steps=claim,start")
    assert page.context["trial"].stage.key == "in_progress"
    (on,) = (href for one, href in page.context["choices"] if one.key == "complete")
    assert administrator.get(on).context["trial"].stage.key == "done"
    assert administrator.get(f"{TRIAL}?steps=complete").context["trial"].refused == "complete"
    assert (OrderType.objects.count(), AuditEntry.objects.count()) == before
    assert not WorkOrder.objects.exists()


def test_a_draft_given_up_leaves_the_version_in_use(administrator):
    started(administrator)
    assert administrator.post(f"{DRAFT}discard/").status_code == 302
    assert administrator.get(DRAFT).status_code == 404
    assert OrderType.objects.get(code="churn_retention").version == 1


def test_while_a_draft_is_edited_the_short_form_only_switches(administrator):
    started(administrator)
    edit = f"{OF}edit/"
    form = administrator.get(edit).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, "", False)}
    assert administrator.post(edit, sent | {"due_hours": 5}).status_code == 409
    assert OrderType.objects.get(code="churn_retention", version=1).due_hours == 48


def test_a_new_type_begins_as_a_draft_that_no_order_takes(administrator):
    sent = {"code": "audit_call", "name": "Audit call", "name_zh": "稽核回访", "purpose": "service", "priority": 4,
            "due_hours": 24}  # fmt: skip
    assert administrator.post("/administration/order-types/new/", sent).status_code == 302
    assert not OrderType.objects.current().filter(code="audit_call").exists()
    assert administrator.get("/administration/order-types/of/audit_call/draft/").context["problems"] == []
    assert administrator.post("/administration/order-types/new/", sent).status_code == 409
    assert administrator.post("/administration/order-types/of/audit_call/draft/publish/").status_code == 302
    assert OrderType.objects.current().get(code="audit_call").version == 1


def test_only_who_edits_types_may(administrator, mia):
    for call in (services.start_draft, services.publish_draft, services.discard_draft):
        with pytest.raises(Refused):
            call(actor=mia, code="care")
    with pytest.raises(Refused):
        services.create_type(actor=mia, code="x", values={})


def test_a_code_that_is_taken(administrator, ada):
    with pytest.raises(Conflict):
        services.create_type(actor=ada, code="care", values={"name": "C", "purpose": "care"})


def test_pages_are_chinese(administrator, ada):
    started(administrator)
    ada.language = "zh-hans"
    ada.save()
    for address in (FLOW, DRAFT, f"{TRIAL}?steps=claim"):
        text = administrator.get(address, headers={"accept-language": "zh-hans"}).content.decode()
        assert "流程" in text, address
        assert "Trial run" not in text
