"""Rows that need approval, and the pages that a kind has without templates of its own."""

import pytest
from django.db import IntegrityError, connection, transaction

from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.managed import services
from retention.core.managed.queries import history_of
from retention.core.managed.services import StaleVersion, move_state
from retention.core.managed.states import Move, State
from tests.core.managed.leaflets import Leaflet
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.managed.leaflets")]


@pytest.fixture(autouse=True)
def table(db, monkeypatch):
    monkeypatch.setattr(audit, "ACTIONS", {"leaflet.change"})
    with connection.schema_editor() as editor:
        editor.create_model(Leaflet)


@pytest.fixture
def eva(branches):
    """A second manager of the province."""
    return make_user(username="eva", role="manager", branch=branches.province)


@pytest.fixture
def leaflet(mia):
    services.create(model=Leaflet, actor=mia, code="L", values={"name": "First"})
    return move(Move.SUBMIT, mia)


def move(step, actor, version=1):
    return move_state(model=Leaflet, actor=actor, code="L", version=version, move=step)


def approve(actor, version=1):
    return move(Move.APPROVE, actor, version)


def test_a_row_is_switched_on_once_another_person_has_approved_it(leaflet, mia, eva):
    assert leaflet.state == State.SUBMITTED
    with pytest.raises(Invalid):
        services.switch(model=Leaflet, actor=mia, code="L", enabled=True)
    approved = approve(eva)
    assert (approved.state, approved.approved_by) == (State.APPROVED, eva)
    assert services.switch(model=Leaflet, actor=mia, code="L", enabled=True).enabled


def test_nobody_who_wrote_it_since_the_last_approval_approves_it(leaflet, mia, eva, ada):
    with pytest.raises(Refused):
        approve(mia)
    services.update(model=Leaflet, actor=eva, code="L", version=1, values={"name": "Second"})
    move(Move.SUBMIT, eva, 2)
    for author in (mia, eva):
        with pytest.raises(Refused):
            approve(author, version=2)
    assert approve(ada, version=2).state == State.APPROVED
    services.update(model=Leaflet, actor=eva, code="L", version=2, values={"name": "Third"})
    move(Move.SUBMIT, eva, 3)
    assert approve(mia, version=3).state == State.APPROVED


def test_a_change_makes_a_draft_again_and_switches_it_off(leaflet, mia, eva):
    approve(eva)
    services.switch(model=Leaflet, actor=mia, code="L", enabled=True)
    changed = services.update(model=Leaflet, actor=mia, code="L", version=1, values={"name": "Second"})
    assert (changed.state, changed.enabled, changed.approved_by, changed.author) == (State.DRAFT, False, None, mia)
    entry = history_of(changed).first()
    assert entry.detail["changes"] == {
        "name": ["First", "Second"], "state": ["approved", "draft"], "enabled": [True, False],
    }  # fmt: skip


def test_what_is_approved_is_what_was_read(leaflet, mia, eva):
    services.update(model=Leaflet, actor=mia, code="L", version=1, values={"name": "Second"})
    move(Move.SUBMIT, mia, 2)
    with pytest.raises(StaleVersion):
        approve(eva, version=1)


def test_moves_out_of_order_are_conflicts(leaflet, mia, eva):
    with pytest.raises(Conflict):
        move(Move.SUBMIT, mia, 1)
    assert move(Move.SEND_BACK, eva).state == State.DRAFT
    for step in (Move.APPROVE, Move.SEND_BACK):
        with pytest.raises(Conflict):
            move(step, eva)


def test_only_who_oversees_the_branch_approves(leaflet, branches):
    with pytest.raises(Refused):
        approve(make_user(role="manager", branch=branches.city))


@pytest.mark.parametrize(
    "values",
    [{"state": "approved", "by": "mia"}, {"state": "approved", "by": None}, {"state": "draft", "enabled": True}],
)
def test_the_database_refuses_what_the_services_would_not_write(leaflet, mia, values):
    given = dict(values)
    if "by" in given:
        given["approved_by"] = mia if given.pop("by") else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Leaflet._default_manager.filter(code="L").update(**given)


def test_a_kind_has_all_pages_and_a_row_goes_its_way_on_them(client, mia, eva):
    client.force_login(mia)
    made = client.post("/leaflets/new/", {"code": "L", "name": "First"})
    assert made.headers["Location"] == "/leaflets/L/"
    assert 'value="submit"' in client.get("/leaflets/L/").content.decode()
    client.post("/leaflets/L/approval/", {"move": "submit", "version": "1"})
    assert 'value="approve"' not in client.get("/leaflets/L/").content.decode()
    assert client.post("/leaflets/L/approval/", {"move": "approve", "version": "1"}).status_code == 403
    client.force_login(eva)
    assert 'value="approve"' in client.get("/leaflets/L/").content.decode()
    client.post("/leaflets/L/approval/", {"move": "approve", "version": "1"})
    client.post("/leaflets/L/switch/", {"to": "on"})
    assert client.post("/leaflets/L/copy/", {"code": "L-2", "name": "Second"}).status_code == 302
    edited = client.post("/leaflets/L-2/edit/", {"name": "Third", "version": "1"})
    assert edited.headers["Location"] == "/leaflets/L-2/"
    rows = {row.code: (row.name, row.enabled, row.state) for row in Leaflet._default_manager.all()}
    assert rows == {"L": ("First", True, State.APPROVED), "L-2": ("Third", False, State.DRAFT)}
    page = client.get("/leaflets/").content.decode()
    assert "Third" in page
    assert "New leaflet" in page
    assert client.post("/leaflets/L/approval/", {"move": "burn"}).status_code == 422
