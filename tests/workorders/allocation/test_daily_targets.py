"""Targets of a day: of a group, of one person, and what the pages show against them."""

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, TODAY, make_team, make_user
from tests.workorders.rows import DAY, HOUR, make_orders
from workorders.allocation.models import AgentTerms, TeamTargets
from workorders.allocation.queries import Targets, targets_of
from workorders.allocation.text import target_lines
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome

pytestmark = pytest.mark.django_db
LIST = reverse("allocation:targets")


def opened(client, person, address):
    client.force_login(person)
    with clock.freeze(NOW + HOUR):
        return client.get(address)


@pytest.fixture
def ana(floor):
    """An agent who has retained two customers today and was refused by one; one more yesterday."""
    team, (ana, _ben) = floor
    endings = [("retained", NOW - DAY), ("retained", NOW), ("retained", NOW), ("refused", NOW)]
    make_orders(len(endings), team=team, now=NOW - DAY)
    for disposition, at in endings:
        order = claim_next(agent=ana, now=at)
        record_outcome(order_no=order.order_no, agent=ana, disposition=disposition, version=None, now=at)
    return ana


def test_a_person_has_the_own_target_else_the_highest_of_the_groups(floor):
    team, (ana, ben) = floor
    other = make_team(branch=team.branch)
    ben.teams.add(other)
    assert targets_of([ana, ben]) == {ana.pk: Targets(), ben.pk: Targets()}
    TeamTargets.objects.create(team=team, contacts_target=40, kept_target=6)
    TeamTargets.objects.create(team=other, contacts_target=50)
    AgentTerms.objects.create(user=ana, kept_target=3)
    assert targets_of([ana, ben]) == {ana.pk: Targets(40, 3), ben.pk: Targets(50, 6)}


def test_the_number_of_queries_is_the_same_for_all_agents(floor, django_assert_num_queries):
    TeamTargets.objects.create(team=floor[0], contacts_target=40)
    with django_assert_num_queries(2):
        targets_of(floor[1])


def test_a_target_that_is_passed_fills_its_bar():
    found = target_lines(Targets(2, None), {"contacts": 3, "good": 1}, address=lambda name: f"/{name}")
    assert list(found) == ["contacts"]
    line = found["contacts"]
    assert (line.text, line.bar, line.target, line.href) == ("3 of 2 contacts", 2, 2, "/contacts")


def test_my_work_shows_today_against_the_targets_and_each_figure_opens_its_rows(client, floor, ana):
    TeamTargets.objects.create(team=floor[0], contacts_target=40, kept_target=6)
    page = opened(client, ana, reverse("workorders:mine"))
    shown = page.context["targets"]
    assert [one.text for one in shown.values()] == ["3 of 40 contacts", "2 of 6 retained or accepted"]
    assert 'value="3"' in page.text and 'max="40"' in page.text and 'aria-label="3 of 40 contacts"' in page.text
    for line in shown.values():
        assert opened(client, ana, line.href).context["table"].paginator.count == line.done
    for name, address in page.context["rows"].items():
        assert opened(client, ana, address).context["table"].paginator.count == getattr(page.context["today"], name)


def test_without_targets_the_pages_are_as_before(client, floor, boss, ana):
    for person, name, given in ((ana, "mine", []), (boss, "supervise", []), (boss, "agent-day", [ana.username])):
        page = opened(client, person, reverse(f"workorders:{name}", args=given))
        assert "<progress" not in page.text and "against target" not in page.text
    assert "3 contacts" in opened(client, boss, reverse("workorders:supervise")).text


def test_the_supervisor_sees_the_same_of_the_agent(client, floor, boss, ana):
    TeamTargets.objects.create(team=floor[0], contacts_target=40)
    AgentTerms.objects.create(user=ana, kept_target=3)
    board = opened(client, boss, reverse("workorders:supervise"))
    (tile,) = (one for one in board.context["tiles"] if one.agent == ana)
    assert [one.text for one in tile.targets.values()] == ["3 of 40 contacts", "2 of 3 retained or accepted"]
    assert "2 of 3 retained or accepted" in board.text
    yesterday = (TODAY - DAY).isoformat()
    day = reverse("workorders:agent-day", args=[ana.username])
    before = opened(client, boss, f"{day}?day={yesterday}").context["targets"]
    assert [one.done for one in before.values()] == [1, 1]
    for line in [*tile.targets.values(), *before.values()]:
        assert opened(client, boss, line.href).context["table"].paginator.count == line.done


def test_own_contacts_are_nobody_elses(client, floor, ana):
    page = opened(client, floor[1][1], f"{reverse('workorders:my-contacts')}?day=2026-99-99&counted=x")
    assert page.status_code == 200 and page.context["table"].paginator.count == 0
    assert {"day", "counted"} <= page.context["form"].errors.keys()


def test_a_supervisor_sets_the_targets_of_the_own_groups(client, floor, boss):
    team, address = floor[0], reverse("allocation:target-edit", args=[floor[0].code])
    form = opened(client, boss, address).context["form"]
    assert not TeamTargets.objects.exists(), "reading stores nothing"
    seen = form["seen"].value() or ""
    assert client.post(address, {"contacts_target": 0, "seen": seen}).status_code == 422
    values = {"contacts_target": 40, "kept_target": "", "seen": seen}
    assert client.post(address, values).url == LIST
    row = TeamTargets.objects.get()
    assert (row.team, row.contacts_target, row.kept_target) == (team, 40, None)
    assert AuditEntry.objects.get(action="team.targets").target == f"team:{team.code}"
    assert client.post(address, {"contacts_target": 9, "seen": seen}).status_code == 409
    (listed,) = opened(client, boss, LIST).context["table"].paginated_rows
    assert (listed.record, str(listed.get_cell("contacts_target"))) == (team, "40")


def test_groups_of_others_and_agents_are_out_of_reach(client, floor, boss):
    other = make_team()
    assert opened(client, boss, reverse("allocation:target-edit", args=[other.code])).status_code == 404
    assert other.title not in opened(client, boss, LIST).text
    assert opened(client, floor[1][0], LIST).status_code == 403


def test_the_target_of_one_person_is_set_where_the_cap_is(client, floor, boss):
    ana = floor[1][0]
    address = reverse("allocation:agent-edit", args=[ana.username])
    seen = opened(client, boss, address).context["form"]["seen"].value() or ""
    values = {"skills": [], "daily_cap": "", "contacts_target": 30, "kept_target": 4, "seen": seen}
    assert client.post(address, values).status_code == 302
    assert targets_of([ana]) == {ana.pk: Targets(30, 4)}
    assert make_user(role="agent").pk not in targets_of([ana])
