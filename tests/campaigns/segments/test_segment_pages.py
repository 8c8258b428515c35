"""The pages of segments for each role: the numbers, where they lead, and what a manager may change."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from campaigns.scenarios.models import Scenario
from campaigns.segments.models import Segmentation
from campaigns.segments.tables import lines_url, moved_url
from retention.core import clock
from retention.core.accounts.models import Branch
from tests.campaigns.rows import make_scenario
from tests.campaigns.segments.rows import MONTH_BEFORE, MONTH_END, install, make_moved_base
from tests.factories import NOW, PASSWORD, grant, make_branch, make_user

pytestmark = pytest.mark.django_db
STAYED, FELL = "mobile.high.middle.unbound", "mobile.high.high.unbound"


@pytest.fixture(autouse=True)
def frozen():
    with clock.freeze(NOW):
        yield


def signed_in(client, role: str, branch: Branch | None = None):
    user = make_user(role=role, branch=branch)
    client.login(username=user.username, password=PASSWORD)
    return user


@pytest.fixture
def base():
    return make_moved_base()


def cell_text(page: str, place: str) -> str:
    """The words of the table cell whose number leads to a place."""
    found = re.search(rf'<td class="num[^"]*">\s*<a href="[^"]*/lines/{re.escape(place)}/[^"]*"(.*?)</td>', page, re.S)
    assert found, place
    return " ".join(strip_tags("<a" + found[1]).split())


def test_the_matrix_shows_lines_revenue_and_change_of_each_cell(client, base):
    signed_in(client, "manager", base["province"])

    page = client.get("/segments/").content.decode()

    assert cell_text(page, STAYED) == "4 ¥400 · 0.0%"
    assert cell_text(page, FELL).startswith("1 ¥90 · 0.0%")
    assert "Joined less than 3 months ago" in page
    assert f'href="{lines_url("mobile", "mobile.-new")}"' in page
    assert "Compared with 31 Oct 2026." in page
    # What is not known has no row while nobody stands there.
    assert ">Not known</th>" not in page


def test_each_role_counts_its_own_branch_and_an_agent_sees_none(client, base):
    east = base["cities"][0]
    for role, branch, lines in (
        ("supervisor", east, "2"), ("manager", east, "2"), ("analyst", base["province"], "4"),
        ("administrator", None, "4"),
    ):  # fmt: skip
        signed_in(client, role, branch)
        assert cell_text(client.get("/segments/").content.decode(), STAYED).split()[0] == lines, role
        client.logout()
    signed_in(client, "agent", east)
    for address in ("/segments/", "/segments/mobile/migration/", lines_url("mobile", STAYED)):
        assert client.get(address).status_code == 403


def test_a_number_leads_to_exactly_its_lines(client, base):
    signed_in(client, "manager", base["province"])
    lines, east = base["lines"], base["cities"][0]

    for address, expected in (
        (lines_url("mobile", STAYED), lines[1:5]),
        (lines_url("mobile", STAYED, branch=east.code), lines[1:3]),
        (lines_url("mobile", "mobile.high.*.unbound"), lines[:5]),
        (lines_url("mobile", "mobile~*.*.mid"), lines[:5]),
        (lines_url("mobile", "mobile.-new"), lines[5:]),
        (lines_url("mobile", STAYED, month=MONTH_BEFORE), lines[:5]),
        (moved_url("mobile", STAYED, FELL, month=MONTH_END), lines[:1]),
        (moved_url("mobile", STAYED, "mobile.*.high.*", month=MONTH_END, branch=east.code), lines[:1]),
        (moved_url("mobile", "", "mobile.-*", month=MONTH_END), lines[5:]),
    ):
        page = client.get(address)
        found = {record.pk for record in page.context["table"].data}
        assert found == {line.pk for line in expected}, address
        assert page.context["counted_lines"] == len(expected), address


def test_a_supervisor_is_told_how_many_lines_are_counted_and_sees_those_of_the_own_orders(client, base):
    supervisor = signed_in(client, "supervisor", base["province"])
    mine = base["lines"][2]
    grant(customer=mine.customer, user=supervisor)

    page = client.get(lines_url("mobile", STAYED))

    assert [record.pk for record in page.context["table"].data] == [mine.pk]
    assert "4 lines are counted here; 1 of them you may see by name." in page.content.decode()


def test_the_list_is_exported_with_its_audit_entry(client, base):
    signed_in(client, "manager", base["province"])

    sent = client.get(lines_url("mobile", FELL) + "?export=csv")

    text = b"".join(sent.streaming_content if sent.streaming else [sent.content]).decode("utf-8-sig")
    assert base["lines"][0].subscriber.subscriber_no in text
    assert len(text.strip().splitlines()) == 2


@pytest.mark.parametrize(
    "address",
    [
        "/segments/mobile/lines/mobile.high.nothing.unbound/", "/segments/mobile/lines/broadband.high.high.bound/",
        "/segments/mobile/lines/none/", "/segments/mobile/cells/mobile.-new/", "/segments/nothing/",
        "/segments/mobile/cells/mobile.high.*.unbound/", "/segments/mobile/moved/2026-13-01/none/none/",
        "/segments/mobile/lines/mobile.high.middle.unbound/yesterday/",
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_not_found(client, base, address):
    signed_in(client, "administrator")

    assert client.get(address).status_code == 404


def test_the_migration_is_a_matrix_a_diagram_and_a_list(client, base):
    signed_in(client, "manager", base["province"])

    page = client.get("/segments/mobile/migration/?dimension=tendency")
    text = page.content.decode()
    grid = page.context["grid"]

    assert page.context["month"] == MONTH_END
    assert grid.columns == ["High", "Middle", "Left out"]
    assert [(row["title"], [cell["lines"] for cell in row["cells"]]) for row in grid.rows] == [
        ("Middle", [1, 4, 0]), ("Joined since", [0, 0, 1]),
    ]  # fmt: skip
    assert moved_url("mobile", "mobile.*.middle.*", "mobile.*.high.*", month=MONTH_END) in text
    assert '<path class="rp-sankey-link rp-sankey-stay"' in text
    assert "Middle → High: 1" in text
    assert [(row["before"], row["lines"], row["share"]) for row in page.context["table"].data] == [
        ("Joined since", 1, None), ("High value · Middle · Not bound", 1, 0.2),
    ]  # fmt: skip
    assert "style=" not in re.search(r'<svg class="rp-sankey".*?</svg>', text, re.S)[0]


def test_the_migration_of_a_branch_is_its_own(client, base):
    signed_in(client, "supervisor", base["cities"][1])

    rows = client.get("/segments/mobile/migration/").context["table"].data

    assert [(row["before"], row["lines"]) for row in rows] == [("Joined since", 1)]


def test_a_cell_shows_its_months_its_movements_and_what_it_holds(client, base):
    signed_in(client, "manager", base["province"])

    page = client.get(f"/segments/mobile/cells/{STAYED}/")
    text = page.content.decode()

    assert page.context["now"] == (4, 400.0)
    assert page.context["before"] == 4
    assert [trend["series"][0]["values"] for trend in page.context["trends"]] == [[5, 4, 4], [500, 400, 400]]
    assert "Monthly spend, six-month mean: ¥80 to below ¥120" in text
    assert [(row["place"], row["lines"]) for row in page.context["flows"]["out"].data] == [
        ("Stayed", 4), ("High value · High · Not bound", 1),
    ]  # fmt: skip


def test_a_manager_gives_a_cell_its_scenario_and_the_matrix_shows_it(client, base):
    manager = signed_in(client, "manager", base["province"])
    scenario = make_scenario(code="S4b", name="Fall")
    assert client.get(f"/segments/mobile/cells/{FELL}/").context["reached"] is None
    row = Segmentation.objects.get(code="mobile")

    sent = client.post("/segments/mobile/assign/", {"cell": FELL, "scenario": scenario.code, "version": row.version})

    changed = Segmentation.objects.get(code="mobile")
    assert sent.url == f"/segments/mobile/cells/{FELL}/"
    assert (changed.action_of(FELL), changed.version) == ("S4b", row.version + 1)
    page = client.get(f"/segments/mobile/cells/{FELL}/")
    assert page.context["action"] == scenario
    assert page.context["reached"] == 1
    assert "S4b" in cell_text(client.get("/segments/").content.decode(), FELL)
    assert manager.branch == base["province"]


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [("supervisor", "province", 403), ("analyst", "province", 403), ("agent", "province", 403), ("manager", 0, 302)],
)
def test_who_may_not_decide_for_the_whole_base_assigns_nothing(client, base, role, where, status):
    branch = base["province"] if where == "province" else base["cities"][where]
    signed_in(client, role, branch)
    make_scenario(code="S4b")

    sent = client.post("/segments/mobile/assign/", {"cell": FELL, "scenario": "S4b", "version": 1})

    assert sent.status_code == status
    assert Segmentation.objects.get(code="mobile").action_of(FELL) == ""


def test_a_stale_assignment_changes_nothing_and_says_so(client, base):
    signed_in(client, "manager", base["province"])
    make_scenario(code="S4b")

    sent = client.post("/segments/mobile/assign/", {"cell": FELL, "scenario": "S4b", "version": 7}, follow=True)

    assert "Somebody else changed this segmentation meanwhile." in sent.content.decode()
    assert Segmentation.objects.get(code="mobile").action_of(FELL) == ""


def test_before_the_first_night_the_page_says_what_will_come(client):
    signed_in(client, "manager", make_branch())

    assert "No segmentation yet" in client.get("/segments/").content.decode()
    install()
    assert "Nothing has been counted yet." in client.get("/segments/").content.decode()


@pytest.mark.parametrize(
    "path",
    ["/segments/", "/segments/?layer=need", "/segments/mobile/migration/", f"/segments/mobile/cells/{STAYED}/",
     f"/segments/mobile/lines/{STAYED}/",
     "/segments/mobile/edit/", "/segments/new/", "/segments/mobile/copy/"],
)  # fmt: skip
def test_every_page_stands_in_chinese(client, base, path):
    user = signed_in(client, "administrator")
    user.language = "zh-hans"
    user.save()

    page = client.get(path, headers={"accept-language": "zh-hans"})

    assert page.status_code == 200
    assert "客户分层" in page.content.decode()


def test_a_page_takes_a_fixed_number_of_queries(client, base, django_assert_max_num_queries):
    signed_in(client, "manager", base["province"])
    with django_assert_max_num_queries(45):
        client.get("/segments/")
    with django_assert_max_num_queries(30):
        client.get("/segments/mobile/migration/")
    with django_assert_max_num_queries(30):
        client.get(lines_url("mobile", STAYED))


def test_the_navigation_leads_there_for_those_who_may(client, base):
    signed_in(client, "supervisor", base["province"])
    assert f'href="{reverse("segments:segmentations")}"' in client.get("/customers/").content.decode()
    client.logout()
    signed_in(client, "agent", base["province"])
    assert f'href="{reverse("segments:segmentations")}"' not in client.get("/customers/").content.decode()
    assert Scenario.objects.count() == 0
