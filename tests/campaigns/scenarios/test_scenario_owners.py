"""A scenario whose owner has left goes on; who decides for it is told once."""

import pytest

from campaigns.scenarios.models import Scenario
from campaigns.scenarios.services.nightly import run_scenarios
from retention.core.accounts.services.staff import save_staff
from retention.core.managed.services import update
from retention.core.notices.models import Notice
from tests.campaigns.rows import make_line, make_scenario
from tests.factories import NOW, TODAY, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def owner(branches):
    return make_user(username="wang", first_name="Li", last_name="Wang", role="manager", branch=branches.city)


def leave(owner, ada):
    owner.is_active = False
    save_staff(user=owner, actor=ada, changed=["is_active"], now=NOW)


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("person__username", "where").values_list("person__username", "where"))


def test_who_decides_for_the_branch_is_told_once(owner, ada, mia, branches):
    make_scenario(code="S1", owner=owner)
    make_scenario(code="S2", owner=owner, branch=branches.city)
    make_scenario(code="S3", owner=owner, enabled=False)
    make_user(username="city", role="manager", branch=branches.city)
    make_user(username="else", role="manager", branch=branches.other)
    save_staff(user=owner, actor=ada, changed=["first_name"], now=NOW)
    assert told() == []
    leave(owner, ada)
    first = [("city", "/scenarios/S2/"), ("mia", "/scenarios/S1/"), ("mia", "/scenarios/S2/")]
    assert told() == first
    leave(owner, ada)
    assert told() == first
    assert Notice.objects.filter(where="/scenarios/S1/").get().text == (
        "Li Wang, the owner of scenario S1, has left. It goes on; give it a new owner."
    )


def test_without_a_manager_the_administrators_are_told(owner, ada):
    make_scenario(code="S1", owner=owner)
    leave(owner, ada)
    assert told() == [("ada", "/scenarios/S1/")]


def test_the_scenario_goes_on_and_the_pages_say_so_until_it_has_a_new_owner(owner, ada, manager, mia):
    make_scenario(code="S1", owner=owner)
    make_line()
    leave(owner, ada)
    assert run_scenarios(as_of=TODAY, now=NOW).new == 1
    page = manager.get("/scenarios/S1/").content.decode()
    assert "Its owner has left: Li Wang." in page
    assert "Li Wang (left)" in manager.get("/scenarios/").content.decode()
    update(model=Scenario, actor=mia, code="S1", version=1, values={"owner": mia})
    assert "has left" not in manager.get("/scenarios/S1/").content.decode()
