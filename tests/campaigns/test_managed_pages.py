"""The pages of managed rows, with each kind there is: copies, conflicts and histories."""

import pytest

from retention.core.audit import services as audit
from retention.core.managed import services
from tests.campaigns.managed import KINDS
from tests.campaigns.rows import ask, rule
from tests.factories import NOW, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("standing_clock"),
    pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name),
]


@pytest.fixture
def newer(kind, ada):
    """A row that somebody else has renamed and given another rule, so that version 1 is stale."""
    row = kind.make()
    values = {"name": "Hers", "rule": rule(ask("arpu", ">=", 120))}
    return services.update(model=kind.model, actor=ada, code=row.code, version=1, values=values)


def test_saving_a_form_unchanged_makes_no_new_version(manager, kind):
    row = kind.make()
    assert manager.post(kind.url(row, "edit"), kind.sent(row)).status_code == 302
    row.refresh_from_db()
    assert row.version == 1


def test_a_stale_form_is_answered_with_both_versions_and_keeps_what_was_typed(manager, kind, newer):
    sent = kind.sent(newer, version="1", name="Mine", **{"r-0.value": "99"})
    answer = manager.post(kind.url(newer, "edit"), sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    by_label = {one["label"]: one for one in answer.context["differences"]}
    assert by_label.keys() == {"Name", "Rule"}
    assert (by_label["Name"]["sent"], by_label["Name"]["stored"]) == ("Mine", "Hers")
    assert (by_label["Name"]["changed_by"], by_label["Name"]["changed_at"]) == ("ada", NOW)
    assert by_label["Rule"]["sent"] == "At least 99 yuan a month"
    assert by_label["Rule"]["stored"] == "At least 120 yuan a month"
    assert 'value="Mine"' in text
    assert 'value="99"' in text
    assert 'name="onto"' in text
    newer.refresh_from_db()
    assert newer.name == "Hers"


def test_who_has_seen_the_newer_version_may_save_on_top_of_it(manager, kind, newer):
    sent = kind.sent(newer, version="1", name="Mine")
    assert manager.post(kind.url(newer, "edit"), sent | {"onto": "2"}).status_code == 302
    newer.refresh_from_db()
    assert (newer.name, newer.version) == ("Mine", 3)
    page = manager.get(kind.url(newer)).content.decode()
    assert "Hers" in page


def test_who_changed_other_fields_may_save_only_those(manager, kind, newer):
    sent = kind.sent(newer, version="1", name_zh="我的")
    answer = manager.post(kind.url(newer, "edit"), sent)
    assert {one["label"]: one["is_own"] for one in answer.context["differences"]} == {
        "Name": False, "Rule": False, "Name (Chinese)": True,
    }  # fmt: skip
    assert manager.post(kind.url(newer, "edit"), sent | {"merge": "2"}).status_code == 302
    newer.refresh_from_db()
    assert (newer.name, newer.name_zh, newer.version) == ("Hers", "我的", 3)
    assert newer.rule == rule(ask("arpu", ">=", 120))


def test_a_third_version_in_between_is_a_conflict_again(manager, ada, kind, newer):
    services.update(model=kind.model, actor=ada, code=newer.code, version=2, values={"name": "Hers again"})
    answer = manager.post(kind.url(newer, "edit"), kind.sent(newer, version="1", name="Mine", onto="2"))
    assert answer.status_code == 409
    assert answer.context["conflict"].version == 3


def test_a_row_is_copied_on_its_page(manager, kind):
    row = kind.make(built_in=True)
    assert kind.url(row, "copy") in manager.get(kind.url(row)).content.decode()
    asked = manager.get(kind.url(row, "copy"))
    form = asked.context["form"]
    assert list(form.fields) == ["code", "name", "name_zh", "branch"]
    assert (form["code"].value(), form["name"].value(), form["name_zh"].value()) == (None, "First (copy)", "一（副本）")
    answer = manager.post(kind.url(row, "copy"), {"code": "MY-2", "name": "Second", "name_zh": "二"})
    copied = kind.model.objects.get(code="MY-2")
    assert answer.headers["Location"] == kind.url(copied)
    assert (copied.enabled, copied.built_in, copied.name, copied.rule) == (False, False, "Second", row.rule)
    assert f"Copied from {row.code}" in manager.get(kind.url(copied)).content.decode()


@pytest.mark.parametrize(("code", "status"), [("", 422), ("no blanks", 422), ("new", 422), ("TAKEN", 409)])
def test_a_copy_with_a_wrong_code_is_not_made_and_keeps_the_name(manager, kind, code, status):
    row = kind.make(code="TAKEN")
    answer = manager.post(kind.url(row, "copy"), {"code": code, "name": "Second"})
    assert answer.status_code == status
    assert answer.context["form"]["code"].errors
    assert 'value="Second"' in answer.content.decode()
    assert kind.model.objects.count() == 1


def test_a_copy_of_a_broken_rule_is_refused_with_the_reason(manager, kind):
    row = kind.make(rule=rule(ask("attributes.gone", "=", "x")), enabled=False)
    answer = manager.post(kind.url(row, "copy"), {"code": "MY-2", "name": "Second"})
    assert answer.status_code == 422
    assert "attributes.gone" in answer.content.decode()


def test_a_branch_manager_is_offered_the_own_branch_for_a_copy(client, branches, kind):
    client.force_login(make_user(role="manager", branch=branches.city))
    row = kind.make()
    text = client.get(kind.url(row)).content.decode()
    assert kind.url(row, "copy") in text
    assert kind.url(row, "edit") not in text
    assert client.get(kind.url(row, "copy")).context["form"]["branch"].value() == branches.city.pk
    assert client.post(kind.url(row, "copy"), {"code": "MY-2", "name": "Second"}).status_code == 422
    sent = {"code": "MY-2", "name": "Second", "branch": branches.city.pk}
    assert client.post(kind.url(row, "copy"), sent).status_code == 302


def test_the_history_says_who_changed_which_field_from_what_to_what(manager, ada, branches, kind):
    row = kind.make()
    values = {"rule": rule(ask("arpu", ">=", 120)), "branch": branches.city}
    services.update(model=kind.model, actor=ada, code=row.code, version=1, values=values)
    services.switch(model=kind.model, actor=ada, code=row.code, enabled=False)
    switched, changed = manager.get(kind.url(row)).context["history"]
    assert (switched.what, switched.who, switched.at) == ("Switched off", "ada", NOW)
    assert changed.who == "ada"
    assert ("Branch", "–", "Harbour City") in changed.fields
    sentence = "At least %s yuan a month"
    assert ("Rule", sentence % 80, sentence % 120) in changed.fields


def test_a_branch_or_field_that_is_gone_does_not_break_the_history(manager, ada, kind):
    row = kind.make()
    changes = {"branch": [None, "GONE"], "withdrawn_field": ["a", "b"]}
    audit.record(actor=ada, action=f"{kind.name}.change", target=row, changes=changes)
    (change,) = manager.get(kind.url(row)).context["history"]
    assert change.fields == [("Branch", "–", "GONE"), ("withdrawn_field", "a", "b")]


def test_switching_twice_is_one_change(manager, kind):
    row = kind.make()
    for _time in range(2):
        assert manager.post(kind.url(row, "switch"), {"to": "off"}).status_code == 302
    assert [change.what for change in manager.get(kind.url(row)).context["history"]] == ["Switched off"]


def test_a_kind_without_templates_of_its_own_has_pages(manager, kind, monkeypatch):
    row = kind.make()
    match = manager.get(kind.url(row)).resolver_match
    for page in type(match.func.view_class).mro(match.func.view_class):
        if "templates" in vars(page):
            monkeypatch.setattr(page, "templates", "nowhere")
    shown, edited = manager.get(kind.url(row)), manager.get(kind.url(row, "edit"))
    assert "core/managed/detail.html" in [one.name for one in shown.templates]
    assert "At least 80 yuan a month" in shown.content.decode()
    assert [one.name for one in edited.templates][0] == "core/managed/edit.html"
    assert 'name="name_zh"' in edited.content.decode()
