"""The pages of cohorts for each role: figures and exactly the rows they open, freezing and allotting, exports."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from campaigns.cohorts.services.allotment import share_out
from campaigns.cohorts.services.measuring import measure_cohorts
from customers.cohorts.models import Cohort, CohortMember
from customers.facts.models import Account, Subscriber
from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.campaigns.cohorts.rows import (
    FROZEN,
    OCTOBER,
    SEPTEMBER,
    at,
    freeze_lines,
    make_cohort,
    make_line,
    member_of,
)
from tests.campaigns.managed import RULE_FIELDS
from tests.factories import NOW, grant, make_bill, make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen_clock():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def cohort(mia, branches, ana, otto):
    """Six members: four of Ana's, of which one left and one was taken over by another customer, and two of Otto's."""
    here = [make_line(branch=branches.outlet) for _ in range(4)]
    there = [make_line(branch=branches.other) for _ in range(2)]
    found = freeze_lines(mia, *here, *there, code="base")
    share_out(actor=mia, code="base", owners=[ana, otto], keep_groups=False, now=at(FROZEN + timedelta(days=1)))
    for line in (*here, *there):
        make_bill(subscriber=line.subscriber, month=OCTOBER, total=Decimal(50))
    Subscriber.objects.filter(pk=here[0].pk).update(
        status="terminated", terminated_on=OCTOBER, termination_reason="port_out"
    )
    Account.objects.filter(pk=here[1].subscriber.account_id).update(customer=make_customer(branch=branches.outlet))
    measure_cohorts(as_of=NOW.date())
    return found


def count(client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.context["table"].paginator.count


def figures(table) -> list[tuple[int, str]]:
    """(number, address) of every figure of a table that leads somewhere."""
    found = []
    for row in table.rows:
        for cell in row.cells:
            hit = re.fullmatch(r'<a href="([^"]+)">([\d,]+)</a>', str(cell))
            if hit:
                found.append((int(hit[2]), hit[1].replace("&amp;", "&")))
    return found


def test_every_figure_opens_exactly_its_members(manager, cohort):
    page = manager.get("/cohorts/base/")
    seen = [pair for name in ("months", "owners", "branches") for pair in figures(page.context[name])]
    assert len(seen) > 30
    for number, address in seen:
        assert count(manager, address) == number, address
    assert count(manager, page.context["lost_url"]) == 2
    assert count(manager, page.context["unowned_url"]) == page.context["unowned"] == 0
    assert page.context["now"].share == 4 / 6
    assert page.context["now"].revenue_share == 200 / 600
    assert page.context["now"].states["ported_out"] == 1


def test_by_owner_and_by_branch_add_up_to_the_month(manager, cohort):
    page = manager.get("/cohorts/base/")
    for name in ("owners", "branches"):
        rows = [row.record["kept"] for row in page.context[name].rows]
        assert (sum(one.members for one in rows), sum(one.kept for one in rows)) == (6, 4)
    titles = [row.record["title"] for row in page.context["branches"].rows]
    assert titles == ["Harbour City", "Hill City"]
    city = manager.get("/cohorts/base/?branch=P1-C1&month=2026-09-30")
    assert [row.record["title"] for row in city.context["branches"].rows] == ["Old Town"]
    assert (city.context["now"].month, city.context["now"].members) == (SEPTEMBER, 4)


def test_the_curve_begins_whole_and_each_point_leads_to_its_members(manager, cohort):
    chart = manager.get("/cohorts/base/").context["chart"]
    base, revenue = (one["values"] for one in chart["series"])
    assert [round(one, 3) for one in base] == [1, 0.833, 0.667]
    assert revenue[0] == 1
    assert chart["links"][0] == ""
    assert count(manager, chart["links"][2]) == 6


def test_a_manager_of_another_city_sees_the_own_part_alone(client, branches, cohort):
    client.force_login(make_user(role="manager", branch=branches.other))
    page = client.get("/cohorts/base/")
    assert page.context["seen_members"] == 2
    assert page.context["now"].share == 1
    assert count(client, "/cohorts/base/members/") == 2
    here = CohortMember.objects.filter(branch=branches.outlet).first()
    assert client.get(f"/cohorts/base/members/{here.pk}/").status_code == 404
    (row,) = client.get("/cohorts/").context["table"].data
    assert (row["members"], row["base"], row["unowned"], row["share"]) == (2, 200, 0, 1)
    assert row["month"] == OCTOBER


def test_members_are_listed_masked_and_exports_are_audited_and_masked(manager, cohort):
    line = Subscriber.objects.filter(cohort_members__isnull=False).first()
    page = manager.get("/cohorts/base/members/").text
    assert line.subscriber_no in page
    assert line.phone_number not in page
    file = manager.get("/cohorts/base/members/?state=lost-all&export=csv")
    text = b"".join(file.streaming_content).decode("utf-8-sig") if file.streaming else file.content.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 3
    assert not [one for one in Subscriber.objects.values_list("phone_number", flat=True) if one in text]
    entry = AuditEntry.objects.get(action="export")
    assert (entry.target, entry.detail["rows"]) == ("cohort-members", 2)
    assert entry.detail["filters"]["state"] == "lost-all"


def test_an_agent_sees_the_own_members_and_opens_only_customers_on_an_order(client, ana, sam, lin, cohort):
    mine = CohortMember.objects.filter(owner=ana).order_by("pk")
    grant(customer=mine[2].customer, user=ana)
    client.force_login(ana)
    table = client.get("/cohorts/mine/").context["table"]
    opened = [row.record.pk for row in table.rows if table.row_url(row.record)]
    assert (table.paginator.count, opened) == (4, [mine[2].pk])
    assert count(client, "/cohorts/mine/?state=lost-all") == 2
    assert count(client, "/cohorts/mine/?cohort=base&at_risk=on") == 0
    assert client.get("/cohorts/mine/?export=csv").status_code == 403
    assert client.get("/cohorts/base/members/").status_code == 403
    client.force_login(sam)  # the supervisor of Ana's group
    assert count(client, "/cohorts/mine/") == 4
    client.force_login(lin)
    assert client.get("/cohorts/mine/").status_code == 403


def test_a_manager_makes_freezes_and_shares_out_a_cohort_on_its_pages(manager, branches, ana):
    line = make_line(branch=branches.city)
    make_line(branch=branches.city, arpu=5)
    sent = RULE_FIELDS | {"code": "year", "name": "Year", "name_zh": "年度", "mid_from": "60", "high_from": "120"}
    assert manager.post("/cohorts/new/", sent).headers["Location"] == "/cohorts/year/"
    assert "Freeze" in manager.get("/cohorts/year/").text
    assert str(FROZEN) in manager.get("/cohorts/year/freeze/").text
    manager.post("/cohorts/year/switch/", {"to": "on"})
    assert not Cohort.objects.get().enabled
    answer = manager.post("/cohorts/year/freeze/", {"on": str(FROZEN), "version": "1"}, follow=True)
    assert "Frozen with 1 member." in answer.text
    answer = manager.post("/cohorts/year/share-out/", {"owners": [str(ana.pk)]}, follow=True)
    assert "1 member has an owner now." in answer.text
    assert member_of(line).owner == ana


def test_what_was_wrong_with_a_freezing_stands_beside_its_field(manager, branches):
    for _ in range(2):
        make_line(branch=branches.city)
    make_cohort(code="all")
    answer = manager.post("/cohorts/all/freeze/", {"on": str(FROZEN), "version": "1"})
    assert answer.status_code == 422
    assert "confirmed" in answer.context["form"].errors
    assert "2 lines of 2" in answer.text
    ok = manager.post("/cohorts/all/freeze/", {"on": str(FROZEN), "version": "1", "confirmed": "2"})
    assert ok.status_code == 302
    again = manager.post("/cohorts/all/freeze/", {"on": str(FROZEN), "version": "1", "confirmed": "2"})
    assert again.status_code == 409
    assert manager.post("/cohorts/all/freeze/", {"on": "2026-01-31", "version": "1"}).status_code == 422


def test_a_rule_on_a_field_that_is_not_there_is_named_when_a_cohort_is_made(manager, branches):
    sent = RULE_FIELDS | {"code": "odd", "name": "Odd", "mid_from": "60", "high_from": "120", "r-0.field": "arpuu"}
    answer = manager.post("/cohorts/new/", sent)
    assert answer.status_code == 422
    assert not Cohort.objects.exists()
    bands = RULE_FIELDS | {"code": "odd", "name": "Odd", "mid_from": "90", "high_from": "60"}
    answer = manager.post("/cohorts/new/", bands)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["high_from", "__all__"])


def test_the_rule_of_a_frozen_cohort_stays_whatever_is_sent(manager, cohort):
    before = Cohort.objects.get().rule
    sent = RULE_FIELDS | {"version": "1", "name": "Renamed", "r-0.value": "1", "mid_from": "1", "high_from": "2"}
    assert manager.post("/cohorts/base/edit/", sent).status_code == 302
    after = Cohort.objects.get()
    assert (after.name, after.rule, after.mid_from) == ("Renamed", before, Decimal(60))


def test_ticked_members_are_given_in_two_steps(manager, cohort, otto, branches):
    chosen = list(CohortMember.objects.filter(branch=branches.outlet).values_list("pk", flat=True))[:2]
    give = reverse("cohorts:give", args=["base"])
    asked = manager.post(give, {"row": chosen, "action": "give"})
    assert "2 members chosen" in asked.text
    answer = manager.post(give, {"row": chosen, "confirmed": "1", "owner": "otto"}, follow=True)
    assert "2 members have changed hands." in answer.text
    assert CohortMember.objects.filter(owner=otto).count() == 4
    manager.post(give, {"all": "1", "query": "owner=otto&month=now", "confirmed": "1", "owner": ""})
    assert CohortMember.objects.filter(owner=None).count() == 4
    history = manager.get(f"/cohorts/base/members/{chosen[0]}/").text
    assert "Given by hand" in history
    assert manager.post(give, {"row": ["0"]}, follow=True).status_code == 200


def test_an_analyst_looks_but_changes_nothing(client, lin, cohort):
    client.force_login(lin)
    page = client.get("/cohorts/base/")
    assert page.status_code == 200
    assert "/cohorts/base/share-out/" not in page.text
    assert client.get("/cohorts/base/members/").context["table"].bulk_actions == ()
    assert client.post("/cohorts/base/give/", {"row": ["1"]}).status_code == 403


def test_the_pages_in_chinese(manager, cohort):
    manager.cookies["django_language"] = "zh-hans"
    manager.session["_language"] = "zh-hans"
    page = manager.get("/cohorts/base/", headers={"Accept-Language": "zh-hans"})
    with translation.override("zh-hans"):
        assert "用户保有率" in page.text
        assert "携号转网" in page.text
    assert "Base kept" not in page.text
