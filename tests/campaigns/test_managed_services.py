"""The services of managed rows, with each kind there is."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.managed import services
from retention.core.managed.services import StaleVersion
from tests.campaigns.managed import KINDS, RULE
from tests.campaigns.rows import ask, rule
from tests.factories import NOW, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)]


def test_a_stale_save_carries_both_versions_and_who_changed_what_when(kind, mia, ada):
    row = kind.make()
    with clock.freeze(NOW):
        services.update(model=kind.model, actor=ada, code=row.code, version=1, values={"name": "Hers"})
    with pytest.raises(StaleVersion) as stale:
        values = {"name": "Mine", "name_zh": "我的"}
        services.update(model=kind.model, actor=mia, code=row.code, version=1, values=values)
    assert (stale.value.status, stale.value.code, stale.value.version) == (409, "stale_version", 2)
    assert stale.value.details == [
        {
            "field": "name", "code": "changed", "stored": "Hers", "sent": "Mine", "changed_by": "ada",
            "changed_at": NOW.isoformat(), "is_own": True,
        },
        {
            "field": "name_zh", "code": "changed", "stored": "一", "sent": "我的", "changed_by": "",
            "changed_at": None, "is_own": True,
        },
    ]  # fmt: skip
    row.refresh_from_db()
    assert (row.name, row.version) == ("Hers", 2)


def test_of_a_form_filled_from_an_older_version_only_the_own_changes_are_saved_on_demand(kind, mia, ada):
    row = kind.make()
    found = {"name": row.name, "name_zh": row.name_zh, "rule": row.rule}
    for name, version in (("Hers", 1), ("Hers again", 2)):
        services.update(model=kind.model, actor=ada, code=row.code, version=version, values={"name": name})
    values = found | {"name_zh": "我的"}
    with pytest.raises(StaleVersion) as stale:
        services.update(model=kind.model, actor=mia, code=row.code, version=1, values=values)
    assert {one.field: one.is_own for one in stale.value.differences} == {"name": False, "name_zh": True}
    saved = services.update(model=kind.model, actor=mia, code=row.code, version=3, base=1, values=values)
    assert (saved.name, saved.name_zh, saved.version) == ("Hers again", "我的", 4)
    with pytest.raises(StaleVersion):
        services.update(model=kind.model, actor=mia, code=row.code, version=3, base=1, values=found | {"name": "Mine"})


def test_a_stale_save_of_what_stands_already_changes_nothing_and_is_no_conflict(kind, mia, ada):
    row = kind.make()
    services.update(model=kind.model, actor=ada, code=row.code, version=1, values={"name": "Same"})
    assert services.update(model=kind.model, actor=mia, code=row.code, version=1, values={"name": "Same"}).version == 2
    assert AuditEntry.objects.count() == 1


def test_wrong_input_is_named_before_a_stale_version(kind, mia):
    row = kind.make(version=3)
    with pytest.raises(Invalid):
        values = {"rule": rule(ask("nope", "=", 1))}
        services.update(model=kind.model, actor=mia, code=row.code, version=1, values=values)


def test_a_field_that_is_not_editable_is_an_error_of_the_caller(kind, mia):
    row = kind.make()
    for name in ("built_in", "enabled", "version", "code"):
        with pytest.raises(ValueError, match="not editable"):
            services.update(model=kind.model, actor=mia, code=row.code, version=1, values={name: 1})


def test_a_copy_is_switched_off_not_built_in_and_says_where_it_comes_from(kind, mia):
    row = kind.make(built_in=True, version=7)
    copied = services.copy(model=kind.model, actor=mia, code=row.code, new_code="MY-2", values={"name": "Second"})
    copied.refresh_from_db()
    assert (copied.enabled, copied.built_in, copied.version) == (False, False, 1)
    assert (copied.name, copied.name_zh, copied.rule) == ("Second", "一", RULE)
    row.refresh_from_db()
    assert (row.enabled, row.built_in, row.version, row.name) == (True, True, 7, "First")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target) == (f"{kind.name}.change", f"{kind.name}:MY-2")
    assert (entry.detail["copied_from"], entry.detail["made"]["name"]) == (row.code, "Second")


def test_a_copy_needs_a_code_that_is_free_and_a_rule_that_holds(kind, mia):
    row = kind.make()
    with pytest.raises(Conflict) as taken:
        services.copy(model=kind.model, actor=mia, code=row.code, new_code=row.code, values={})
    assert taken.value.code == "code_taken"
    broken = kind.make(rule=rule(ask("attributes.gone", "=", "x")), enabled=False)
    with pytest.raises(Invalid):
        services.copy(model=kind.model, actor=mia, code=broken.code, new_code="MY-2", values={})
    assert kind.model.objects.count() == 2


def test_a_branch_manager_copies_what_holds_for_all_into_the_own_branch_only(kind, branches):
    boss = make_user(role="manager", branch=branches.city)
    row, beside = kind.make(), kind.make(branch=branches.other)
    with pytest.raises(Refused):
        services.copy(model=kind.model, actor=boss, code=row.code, new_code="MY-2", values={})
    values = {"branch": branches.city}
    assert services.copy(model=kind.model, actor=boss, code=row.code, new_code="MY-2", values=values).branch
    with pytest.raises(NotFound):
        services.copy(model=kind.model, actor=boss, code=beside.code, new_code="MY-3", values=values)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_same_version_at_once_one_wins(kind, mia):
    row, start = kind.make(), Barrier(2)

    def save(name: str) -> object:
        try:
            start.wait(timeout=10)
            services.update(model=kind.model, actor=mia, code=row.code, version=1, values={"name": name})
        except StaleVersion as stale:
            return stale.details[0]["stored"]
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(save, ["One", "Two"]))
    row.refresh_from_db()
    assert row.version == 2
    assert sorted(answers, key=str) == sorted([None, row.name], key=str)
