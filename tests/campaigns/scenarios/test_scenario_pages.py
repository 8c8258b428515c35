import csv
import io
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.services.hits import settle_hits
from campaigns.scenarios.services.nightly import run_scenarios
from customers.facts.models import CustomField
from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.campaigns.rows import SPEND_FELL, ask, make_hit, make_line, make_scenario, rule
from tests.factories import NOW, TODAY, make_custom_field, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def scenario():
    return make_scenario(code="S99", name="Spend fell", rule=rule(ask("arpu", ">=", 80, name="mid_value"), SPEND_FELL))


@pytest.fixture
def line_here(branches):
    """Makes lines in the manager's province."""
    return partial(make_line, branch=branches.outlet)


def body(response) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


PAGES = ["/scenarios/", "/scenarios/S99/", "/scenarios/S99/try/"]
EDITING = ["/scenarios/new/", "/scenarios/S99/edit/"]
POSTS = ["/scenarios/rule/", "/scenarios/rule/preview/", "/scenarios/S99/tune/", "/scenarios/S99/switch/"]


@pytest.mark.parametrize(
    ("name", "sees", "edits"),
    [("ada", 200, 200), ("mia", 200, 200), ("lin", 200, 403), ("sam", 403, 403), ("ana", 403, 403)],
)
def test_who_may_see_and_who_may_edit(client, scenario, name, sees, edits, request):
    client.force_login(request.getfixturevalue(name))
    assert {client.get(page).status_code for page in PAGES} == {sees}
    assert {client.get(page).status_code for page in EDITING} == {edits}
    assert {client.post(page, {"to": "on"}).status_code for page in POSTS} <= ({403} if edits == 403 else {200, 302})


def test_nobody_who_is_not_signed_in_sees_anything(client, scenario):
    assert {client.get(page).status_code for page in PAGES + EDITING} == {302}
    assert {client.post(page).status_code for page in POSTS} == {302}


def test_the_list_says_who_is_meant_and_what_the_last_night_brought(manager, scenario, line_here):
    opened, refused, _waiting = (line_here() for _ in range(3))
    run_scenarios(as_of=TODAY, now=NOW)
    hits = {hit.subscriber_id: hit.pk for hit in ScenarioHit.objects.all()}
    settle_hits(opened={hits[opened.pk]: "W1"}, refused={hits[refused.pk]: "do_not_disturb"})
    text = body(manager.get("/scenarios/?export=csv"))
    (row,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert row["Scenario"] == "S99 Spend fell"
    assert row["Who"] == "At least 80 yuan a month, bill down 30% or more against the mean of the three months before"
    numbers = [row[name] for name in ("Lines found", "New", "Orders opened", "Not called (contact rule)")]
    assert numbers == ["3", "3", "1", "1"]
    assert AuditEntry.objects.filter(action="export", target="scenarios").exists()


def test_a_manager_counts_only_what_he_may_see(client, branches, scenario):
    city = make_user(role="manager", branch=branches.city)
    seen, hidden = make_line(branch=branches.outlet), make_line(branch=branches.other)
    run_scenarios(as_of=TODAY, now=NOW)
    client.force_login(city)
    text = body(client.get("/scenarios/?export=csv"))
    (row,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert (row["Lines found"], row["New"]) == ("1", "1")
    page = body(client.get("/scenarios/S99/"))
    assert seen.subscriber.subscriber_no in page
    assert hidden.subscriber.subscriber_no not in page
    assert hidden.subscriber.subscriber_no not in body(client.get("/scenarios/S99/?export=csv"))
    assert hidden.subscriber.subscriber_no not in body(client.get("/scenarios/S99/try/"))


def test_a_scenario_of_another_branch_does_not_exist(client, branches):
    make_scenario(code="S98", branch=branches.other)
    client.force_login(make_user(role="manager", branch=branches.city))
    assert "S98" not in body(client.get("/scenarios/"))
    assert {client.get(f"/scenarios/S98/{page}").status_code for page in ("", "edit/", "try/")} == {404}
    assert client.post("/scenarios/S98/switch/", {"to": "off"}).status_code == 404


def test_hits_are_listed_with_the_facts_they_were_found_by_and_can_be_filtered(manager, scenario, line_here):
    waits, refused = line_here(), line_here()
    make_hit(scenario=scenario, line=waits, evidence={"arpu": 120, "bill_change": -0.42})
    make_hit(scenario=scenario, line=refused, state="refused", reason="do_not_disturb")
    page = body(manager.get("/scenarios/S99/"))
    assert "Spend, change −42%" in page
    assert "Not called (contact rule): Do not disturb" in page
    some = body(manager.get("/scenarios/S99/?state=refused&reason=do_not_disturb"))
    assert refused.subscriber.subscriber_no in some
    assert waits.subscriber.subscriber_no not in some
    assert waits.subscriber.subscriber_no not in body(manager.get("/scenarios/S99/?on=2026-01-01"))
    assert manager.get("/scenarios/S99/?state=nonsense&on=yesterday").status_code == 200


def test_an_analyst_exports_and_the_trail_knows(client, lin, scenario, line_here):
    line = line_here()
    make_hit(scenario=scenario, line=line)
    client.force_login(lin)
    text = body(client.get("/scenarios/S99/?export=csv&state=pending"))
    assert line.subscriber.subscriber_no in text
    assert line.subscriber.phone_number not in text
    entry = AuditEntry.objects.get(action="export")
    assert (entry.target, entry.detail["filters"]) == ("scenario-hits", {"code": "S99", "state": "pending"})


def test_a_held_night_is_said_on_the_list_and_on_the_page(manager, scenario):
    Scenario.objects.filter(pk=scenario.pk).update(needs=["bills"])
    run_scenarios(as_of=TODAY, now=NOW, held={"bills": "bills are missing"})
    for page in ("/scenarios/", "/scenarios/S99/"):
        assert "bills: bills are missing" in body(manager.get(page))


def test_a_rule_that_no_longer_holds_is_shown_with_what_is_wrong(manager):
    make_custom_field(key="score", kind="number")
    make_scenario(code="S97", rule=rule(ask("attributes.score", ">", 5)))
    CustomField.objects.all().delete()
    for page in ("/scenarios/", "/scenarios/S97/", "/scenarios/S97/try/"):
        response = manager.get(page)
        assert response.status_code == 200
        assert "the own field “score” has been withdrawn" in body(response)
    assert manager.get("/scenarios/S97/edit/").status_code == 200


def test_the_pages_ask_the_database_as_often_for_many_rows_as_for_few(manager, scenario, line_here):
    manager.get("/me/")  # the first page of a session notes when it was used
    counts = {}
    for rows in (3, 20):
        while ScenarioHit.objects.count() < rows:
            other = make_scenario()
            make_hit(scenario=other, line=line_here())
            make_hit(scenario=scenario, line=line_here())
        for page in ("/scenarios/", "/scenarios/S99/"):
            with CaptureQueriesContext(connection) as queries:
                assert manager.get(page).status_code == 200
            counts.setdefault(page, []).append(len(queries))
    assert counts["/scenarios/"][0] == counts["/scenarios/"][1]
    assert counts["/scenarios/S99/"][0] == counts["/scenarios/S99/"][1]


# Editing


def form(**given):
    """A new scenario as the form sends it, with one condition: spend at least 80 yuan."""
    values = {
        "code": "MY-1", "name": "My rule", "action": "report_only", "purpose": "retention", "priority": "5",
        "cooldown_days": "30", "part": ["r", "r-0"], "r.mode": "and", "r-0.field": "arpu", "r-0.operator": ">=",
        "r-0.value": "80",
    }  # fmt: skip
    return values | given


def test_a_manager_makes_a_scenario_in_the_browser(manager, mia):
    response = manager.post("/scenarios/new/", form(owner=mia.pk))
    made = Scenario.objects.get(code="MY-1")
    assert response.headers["Location"] == "/scenarios/MY-1/"
    assert made.rule == rule(ask("arpu", ">=", 80))
    assert (made.enabled, made.owner, made.branch) == (False, mia, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"r-0.value": "much"}, "a number is needed"),
        ({"r-0.field": ""}, "unknown field"),
        ({"name": ""}, "This field is required"),
        ({"code": "new"}, "This code is reserved"),
        ({"priority": "10"}, "less than or equal to 9"),
        ({"action": "open_order"}, "Say which type of order is opened"),
        ({"action": "message"}, "Select a valid choice"),
        ({"branch": "999999"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(manager, wrong, said):
    response = manager.post("/scenarios/new/", form(note="keep this") | wrong)
    assert response.status_code == 422
    assert said in body(response)
    assert "keep this" in body(response)
    assert not Scenario.objects.exists()


def test_a_taken_code_and_a_stale_page_are_conflicts(manager, scenario):
    assert manager.post("/scenarios/new/", form(code="S99")).status_code == 409
    edit = form(version="1", action="open_order", order_type="churn_retention")
    assert manager.post("/scenarios/S99/edit/", edit).status_code == 302
    response = manager.post("/scenarios/S99/edit/", edit | {"name": "Mine"})
    assert response.status_code == 409
    assert "Somebody else saved a newer version" in body(response)


def test_the_builders_buttons_work_without_script(manager):
    page = body(manager.post("/scenarios/new/", form(do="group:r", note="keep this")))
    assert 'name="r-1-1.field"' in page
    assert "keep this" in page
    counted = body(manager.post("/scenarios/new/", form(do="count")))
    assert "0</span> lines" in counted
    assert not Scenario.objects.exists()


def test_with_script_only_the_builder_is_drawn_again(manager):
    response = manager.post("/scenarios/rule/", form(do="add:r"), headers={"HX-Request": "true"})
    assert response.headers["HX-Trigger-After-Swap"] == "rule-reshaped"
    assert 'name="r-1.field"' in body(response)
    assert "<html" not in body(response)


def test_the_preview_says_counts_and_shows_lines(manager, line_here):
    line = line_here(arpu=Decimal("99"))
    line_here(arpu=Decimal("9"))
    page = body(manager.post("/scenarios/rule/preview/", form()))
    assert "At least 80 yuan a month" in page
    assert "50.00% of 2" in page
    assert line.subscriber.subscriber_no in page


def test_switching_on_shows_first_what_it_will_find(manager, scenario, line_here, client, lin):
    Scenario.objects.update(enabled=False)
    line_here()
    for _other in range(4):
        line_here(bill_change=0)
    assert 'href="/scenarios/S99/try/"' in body(manager.get("/scenarios/S99/"))
    assert 'action="/scenarios/S99/switch/"' not in body(manager.get("/scenarios/S99/"))
    page = manager.get("/scenarios/S99/try/")
    assert (page.context["run"].found, page.context["may_switch_on"]) == (1, True)
    assert 'action="/scenarios/S99/switch/"' in body(page)
    manager.post("/scenarios/S99/switch/", {"to": "on"})
    assert not manager.get("/scenarios/S99/try/").context["may_switch_on"]
    Scenario.objects.update(enabled=False)
    client.force_login(lin)
    assert not client.get("/scenarios/S99/try/").context["may_switch_on"]


def test_the_preview_counts_what_a_night_of_the_branch_will_find(manager, branches, scenario):
    for branch in (branches.outlet, branches.outlet, branches.other):
        make_line(branch=branch, arpu=Decimal("99"))
    for branch, share in ((branches.city, "100.00% of 2"), (branches.other, "100.00% of 1"), ("", "100.00% of 3")):
        page = body(manager.post("/scenarios/rule/preview/", form(branch=branch and branch.pk)))
        assert share in page
    scenario.branch = branches.city
    scenario.save()
    assert run_scenarios(as_of=TODAY, now=NOW).found == 2


def test_a_branch_that_is_none_or_not_mine_counts_what_i_may_see(client, branches):
    for branch in (branches.outlet, branches.other):
        make_line(branch=branch, arpu=Decimal("99"))
    client.force_login(make_user(role="manager", branch=branches.city))
    for branch in ("x", branches.other.pk):
        assert "100.00% of 1" in body(client.post("/scenarios/rule/preview/", form(branch=branch)))


def test_an_unfinished_rule_is_told_what_it_lacks(manager):
    page = body(manager.post("/scenarios/rule/preview/", form(**{"r-0.value": ""})))
    assert "Monthly spend, six-month mean: a number is needed" in page


def test_numbers_are_tuned_on_the_page_in_percent(manager, scenario):
    assert 'value="-30"' in body(manager.get("/scenarios/S99/"))
    manager.post("/scenarios/S99/tune/", {"version": "1", "mid_value": "100", "bill_change": "-45"})
    scenario.refresh_from_db()
    assert [one["value"] for one in scenario.rule["rules"]] == [100, -0.45]
    manager.post("/scenarios/S99/tune/", {"version": "2", "mid_value": "much"})
    scenario.refresh_from_db()
    assert scenario.version == 2


def test_a_scenario_is_switched_on_the_page(manager, scenario):
    manager.post("/scenarios/S99/switch/", {"to": "off"})
    scenario.refresh_from_db()
    assert not scenario.enabled


def test_who_oversees_a_part_cannot_edit_what_touches_the_whole(client, branches, scenario):
    client.force_login(make_user(role="manager", branch=branches.city))
    assert client.get("/scenarios/S99/").status_code == 200
    assert "/scenarios/S99/edit/" not in body(client.get("/scenarios/S99/"))
    assert client.get("/scenarios/S99/edit/").status_code == 403
    assert client.post("/scenarios/S99/switch/", {"to": "off"}).status_code == 403
    response = client.post("/scenarios/new/", form(branch=branches.city.pk))
    assert response.status_code == 302
    assert Scenario.objects.get(code="MY-1").branch == branches.city


def test_a_scenario_says_that_it_calls_only_if_it_pays_and_its_dry_run_counts_the_others(manager, scenario, line_here):
    said = "; only if a contact pays"
    line_here(expected_gain=Decimal("-3"))
    line_here(expected_gain=Decimal("3"))
    assert said not in body(manager.get("/scenarios/S99/")) + body(manager.get("/scenarios/"))
    page = form(version=scenario.version, only_if_it_pays="on")
    assert manager.post("/scenarios/S99/edit/", page).status_code == 302
    scenario.refresh_from_db()
    assert scenario.only_if_it_pays
    assert said in body(manager.get("/scenarios/S99/"))
    assert said in body(manager.get("/scenarios/"))
    assert "Only if it pays" in body(manager.get("/scenarios/S99/"))
    tried = manager.get("/scenarios/S99/try/")
    assert (tried.context["run"].funnel.left_out["unpaying"], tried.context["run"].new) == (1, 1)
    assert "A contact does not pay" in body(tried)


def test_a_dry_run_is_a_page_and_a_part_of_one(manager, scenario, line_here):
    line_here()
    assert "Would be new" in body(manager.get("/scenarios/S99/try/"))
    part = body(manager.get("/scenarios/S99/try/", headers={"HX-Request": "true"}))
    assert "Would be new" in part
    assert "<html" not in part


def test_the_pages_speak_chinese(client, mia, scenario):
    mia.language = "zh-hans"
    mia.save()
    client.force_login(mia)
    client.cookies["django_language"] = "zh-hans"
    Scenario.objects.filter(pk=scenario.pk).update(name_zh="话费突减")
    assert "话费突减" in body(client.get("/scenarios/"))


def test_nights_are_counted_by_the_day_they_belong_to(manager, scenario, line_here):
    line_here()
    run_scenarios(as_of=TODAY, now=NOW)
    with clock.freeze(NOW + timedelta(days=1)):
        page = body(manager.get("/scenarios/S99/"))
    assert "20 Nov 2026" in page
