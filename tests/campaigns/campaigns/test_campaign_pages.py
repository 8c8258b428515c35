"""The pages of campaigns: wizard, review, moves, monitor, members, list, plan, calendar, hold-out; both languages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.campaigns.models import Campaign, CampaignMember, CampaignPlan, UniversalHoldout
from campaigns.campaigns.queries.sources import source_choices
from campaigns.campaigns.services.approval import approve, submit, try_campaign
from campaigns.campaigns.states import Arm, MemberState, State
from campaigns.outreach.models import HeldOut
from campaigns.segments.models import Segmentation, SegmentCount
from campaigns.segments.rules import STABILITY
from campaigns.segments.services.installation import install_segmentations
from tests.campaigns.campaigns.rows import make_campaign, make_member
from tests.campaigns.managed import RULE_FIELDS
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import make_line
from tests.factories import NOW, TODAY, make_user
from workorders.order_types.services import install_order_types

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
DAY = timedelta(days=1)
GOAL = {
    "code": "autumn", "name": "Autumn", "name_zh": "秋季保有", "goal": "Keep the bound ones", "priority": "5",
    "starts_on": str(TODAY), "ends_on": str(TODAY + 20 * DAY), "budget": "5000", "planned_kept": "40",
}  # fmt: skip


@pytest.fixture(autouse=True)
def types(db):
    install_order_types()


@pytest.fixture
def base(branches):
    return [make_line(branch=branches.outlet, arpu=100, expected_gain=20, risk_probability=0.1) for _ in range(10)]


def step(code: str, name: str) -> str:
    return f"{reverse('campaign:campaign-edit', args=[code])}?step={name}"


def test_the_wizard_saves_each_step_as_a_draft(manager, mia, base, branches):
    answer = manager.post("/campaigns/new/", GOAL | {"branch": branches.province.pk, "owner": mia.pk})
    assert answer.url == step("autumn", "audience")
    version = "1"
    sent = {"source": "rule:", "version": version, "branch": branches.province.pk} | RULE_FIELDS
    assert manager.post(step("autumn", "audience"), sent).url == step("autumn", "control")
    sent = {"control_percent": "20", "measure_days": "60", "salt": "dice", "version": "2"}
    assert manager.post(step("autumn", "control"), sent).url == step("autumn", "offers")
    assert manager.post(step("autumn", "offers"), {"script": "Hello", "version": "3"}).url == step("autumn", "channel")
    sent = {
        "channel": "call", "purpose": "renewal", "order_type": "churn_retention", "contact_cost": "8", "pace": "daily",
        "wave_size": "10", "backlog_days": "2", "version": "4",
    }  # fmt: skip
    assert manager.post(step("autumn", "channel"), sent).url == step("autumn", "review")
    row = Campaign.objects.get(code="autumn")
    assert (row.state, row.version, row.author, row.owner) == (State.DRAFT, 5, mia, mia)
    assert (row.control_percent, row.measure_days, row.salt, row.purpose) == (20, 60, "dice", "renewal")
    assert (row.rule["rules"][0]["field"], row.wave_size, row.script) == ("arpu", 10, "Hello")
    page = manager.get(step("autumn", "review")).text
    assert "10 people" in page  # the sentence about power
    assert "From found to contacted" in page
    for name in ("goal", "audience", "control", "offers", "channel"):
        assert manager.get(step("autumn", name)).status_code == 200


def test_the_review_leads_to_the_step_where_a_hindrance_is_mended(manager, base):
    campaign = make_campaign(order_type="")
    page = manager.get(step(campaign.code, "review")).text
    assert "Say which type of order is opened." in page
    assert re.search(rf'btn-primary"\s+href="{re.escape(step(campaign.code, "channel"))}"', page)


def test_only_segments_that_hold_somebody_are_offered_and_the_one_chosen(manager, mia, base, branches):
    install_segmentations()
    row = Segmentation.objects.get(code="mobile")
    full, empty, other = row.matrix.codes(STABILITY)[:3]
    for cell, lines, branch in (
        (full, 12, branches.outlet),
        (full, 30, branches.district),
        (empty, 0, branches.outlet),
    ):
        SegmentCount.objects.create(
            segmentation=row, branch=branch, as_of=TODAY, layer=STABILITY, cell=cell, lines=lines, revenue=0
        )
    offered = {key: label for group in source_choices(mia) if isinstance(group[1], list) for key, label in group[1]}
    segments = {key for key in offered if key.startswith("segment:")}
    assert segments == {f"segment:{full}"} and offered[f"segment:{full}"].endswith("(42)")
    campaign = make_campaign(audience="segment", audience_key=other, rule={})
    assert f'value="segment:{other}" selected' in manager.get(step(campaign.code, "audience")).text


def test_the_history_names_what_campaigns_keep_by_code(manager, base):
    campaign = make_campaign(order_type="")
    make_offer(code="tea", name="Green tea")
    sent = {
        "channel": "call", "purpose": "renewal", "order_type": "churn_retention", "pace": "daily", "backlog_days": "2",
    }  # fmt: skip
    manager.post(step(campaign.code, "channel"), sent | {"version": "1"})
    manager.post(step(campaign.code, "offers"), {"offer_codes": ["tea"], "version": "2"})
    said = [row["after"] for row in manager.get(f"/campaigns/{campaign.code}/").context["history_table"].data.data]
    assert "Green tea" in said and "Churn retention" in said


def test_a_source_without_a_rule_is_saved_without_one(manager, base):
    campaign = make_campaign()
    sent = {
        "source": "paying:", "version": "1", "part": ["r", "r-0"], "r.mode": "and", "r-0.field": "", "branch": "",
    }  # fmt: skip
    manager.post(step(campaign.code, "audience"), sent)
    campaign.refresh_from_db()
    assert (campaign.audience, campaign.audience_key, campaign.rule) == ("paying", "", {})


def test_two_editors_get_409_with_both_versions(manager, base):
    campaign = make_campaign()
    manager.post(step(campaign.code, "control"), {"control_percent": "20", "measure_days": "60", "version": "1"})
    answer = manager.post(
        step(campaign.code, "control"), {"control_percent": "30", "measure_days": "60", "version": "1"}
    )
    assert answer.status_code == 409
    assert "Somebody else saved a newer version" in answer.text
    campaign.refresh_from_db()
    assert campaign.control_percent == 20


@pytest.mark.parametrize(
    ("language", "lines", "customers"),
    [
        ("en", "lines", "Customers: 10. Lines in these branches: 10, of which 100.00%."),
        ("zh-hans", "条线路", "客户：10 户"),
    ],
)
def test_the_audience_is_counted_while_it_is_written(manager, base, language, lines, customers):
    manager.cookies["django_language"] = language
    other = make_campaign(state=State.RUNNING)
    make_member(campaign=other, line=base[0])
    sent = {"source": "rule:", "branch": ""} | RULE_FIELDS
    count = manager.post(reverse("campaign:audience"), sent)
    assert count.status_code == 200
    assert lines in count.text
    assert reverse("campaign:audience-details") in count.text
    details = manager.post(reverse("campaign:audience-details"), sent)
    assert customers in details.text
    assert f"/campaigns/{other.code}/" in details.text
    assert details.text.count("/customers/") == 10


def test_an_audience_that_is_not_there_is_said(manager, base):
    answer = manager.post(reverse("campaign:audience"), {"source": "list:nowhere", "branch": ""})
    assert "There is no list nowhere." in answer.text
    assert reverse("campaign:audience-details") not in answer.text
    details = manager.post(reverse("campaign:audience-details"), {"source": "list:nowhere", "branch": ""})
    assert (details.status_code, details.text) == (200, "")


def test_an_empty_audience_is_said(manager):
    answer = manager.post(reverse("campaign:audience"), {"source": "paying:", "branch": ""})
    assert "Nobody is found" in answer.text


def move(client, campaign, name: str, **given):
    campaign.refresh_from_db()
    return client.post(
        reverse("campaign:campaign-switch", args=[campaign.code]),
        {"move": name, "version": campaign.version} | given,
        follow=True,
    )


def test_the_whole_life_by_its_buttons(client, mia, ada, base, django_capture_on_commit_callbacks):
    campaign = make_campaign(author=mia, control_percent=30)
    client.force_login(mia)
    move(client, campaign, "test")
    assert "type this number" in client.get(reverse("campaign:campaign", args=[campaign.code])).text
    assert "Type this number to submit it" in move(client, campaign, "submit").text
    move(client, campaign, "submit", **{"submit-number": "10"})
    page = client.get(reverse("campaign:campaign", args=[campaign.code])).text
    assert 'value="approve"' not in page  # one's own
    client.force_login(ada)
    move(client, campaign, "approve")
    client.force_login(mia)
    for name in ("freeze", "launch"):
        move(client, campaign, name)
    campaign.refresh_from_db()
    assert campaign.state == State.RUNNING
    page = client.get(reverse("campaign:campaign", args=[campaign.code]))
    assert "From target to kept" in page.text
    assert page.context["monitor"].whole.target == campaign.treated_count
    assert "This field is required." in move(client, campaign, "pause").text
    move(client, campaign, "pause", **{"pause-reason": "Complaints"})
    assert "Paused: Complaints" in client.get(reverse("campaign:campaign", args=[campaign.code])).text
    move(client, campaign, "resume")
    move(client, campaign, "stop", **{"stop-reason": "Enough"})
    move(client, campaign, "evaluate")
    move(client, campaign, "archive", **{"archive-lessons": "Call before noon."})
    campaign.refresh_from_db()
    assert (campaign.state, campaign.lessons, campaign.ended_because) == (State.ARCHIVED, "Call before noon.", "Enough")
    assert not HeldOut.objects.exists()


def test_a_move_that_is_not_possible_now_is_said(manager, base):
    campaign = make_campaign()
    assert "is not possible" in move(manager, campaign, "launch").text
    assert manager.post(reverse("campaign:campaign-switch", args=[campaign.code]), {"move": "fly"}).status_code == 422


def test_readers_see_no_buttons(client, lin, base):
    campaign = make_campaign(state=State.RUNNING, frozen_on=TODAY)
    client.force_login(lin)
    page = client.get(reverse("campaign:campaign", args=[campaign.code]))
    assert page.status_code == 200
    assert 'name="move"' not in page.text
    assert client.get(step(campaign.code, "goal")).status_code == 403


def test_another_branch_sees_neither_campaign_nor_members(client, branches, base):
    campaign = make_campaign(branch=branches.city, state=State.RUNNING, frozen_on=TODAY)
    client.force_login(make_user(role="manager", branch=branches.other))
    assert client.get(reverse("campaign:campaign", args=[campaign.code])).status_code == 404
    assert client.get(reverse("campaign:members", args=[campaign.code])).status_code == 404


def test_members_are_filtered_and_exported(manager, base):
    campaign = make_campaign(state=State.RUNNING, frozen_on=TODAY)
    treated = make_member(campaign=campaign, line=base[0], state=MemberState.OPENED)
    make_member(campaign=campaign, line=base[1], arm=Arm.CONTROL)
    url = reverse("campaign:members", args=[campaign.code])
    assert len(manager.get(url).context["table"].data) == 2
    shown = manager.get(f"{url}?state=opened").context["table"].data
    assert [row.pk for row in shown] == [treated.pk]
    answer = manager.get(f"{url}?arm=control&export=csv")
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    assert len(text.strip().splitlines()) == 2
    assert base[1].subscriber.subscriber_no in text


def test_the_list_searches_lessons_and_hides_the_archive(manager, ada):
    make_campaign(name="Live one")
    make_campaign(name="Old one", state=State.ARCHIVED, approved_by=ada, lessons="Gifts did not work.")
    page = manager.get("/campaigns/").text
    assert "Live one" in page
    assert "Old one" not in page
    assert "Old one" in manager.get("/campaigns/?state=archived").text
    found = manager.get("/campaigns/?q=gifts").text
    assert "Old one" in found
    assert "Live one" not in found


def test_a_plan_row_counts_what_its_campaigns_use(manager, mia, branches):
    sent = {"year": "2026", "quarter": "4", "branch": branches.province.pk, "goal": "Keep 500", "budget": "1000"}
    assert manager.post("/campaigns/plan/new/", sent).url == "/campaigns/plan/"
    plan = CampaignPlan.objects.get()
    campaign = make_campaign(plan=plan, contact_cost=10, budget=400, state=State.RUNNING)
    for state in (MemberState.OPENED, MemberState.OPENED, MemberState.REFUSED):
        make_member(campaign=campaign, state=state)
    (line,) = manager.get("/campaigns/plan/").context["table"].data
    assert (line.used, line.budgeted, line.share) == (20, 400, 0.02)
    assert manager.post("/campaigns/plan/new/", sent).status_code == 409
    changed = manager.post(f"/campaigns/plan/{plan.pk}/", sent | {"goal": "Keep 600"})
    assert changed.status_code == 302
    plan.refresh_from_db()
    assert plan.goal == "Keep 600"


def test_a_plan_outside_the_branch_is_refused(client, branches):
    client.force_login(make_user(role="manager", branch=branches.city))
    sent = {"year": "2026", "quarter": "4", "branch": branches.province.pk, "goal": "x"}
    assert client.post("/campaigns/plan/new/", sent).status_code == 422
    assert not CampaignPlan.objects.exists()


def test_the_calendar_spreads_contacts_over_the_weeks(manager, base):
    make_campaign(state=State.RUNNING, frozen_on=TODAY, treated_count=140, starts_on=TODAY, ends_on=TODAY + 13 * DAY)
    make_campaign(name="Untested")
    weeks = list(manager.get("/campaigns/calendar/").context["table"].data)
    assert len(weeks) == 13
    assert sum(week.contacts for week in weeks) == pytest.approx(140)
    assert (weeks[0].contacts, weeks[0].unknown) == (pytest.approx(30), 1)  # Friday to Sunday
    assert weeks[0].share == pytest.approx(3)  # of the ten customers
    assert manager.get("/campaigns/calendar/?start=2027-06-01").context["table"].data[0].campaigns == []


def test_the_universal_holdout_is_set_by_an_administrator(client, ada, mia, base):
    client.force_login(mia)
    assert client.post("/campaigns/hold-out/", {"percent": "5", "starts_on": str(TODAY)}).status_code == 403
    client.force_login(ada)
    client.post("/campaigns/hold-out/", {"percent": "20", "starts_on": str(TODAY), "salt": "x", "note": "Year 2026"})
    row = UniversalHoldout.objects.get()
    assert (row.per_mille, row.salt, row.set_by) == (200, "x", ada)
    assert "Year 2026" in client.get("/campaigns/hold-out/").text
    assert client.post("/campaigns/hold-out/", {"percent": "90", "starts_on": str(TODAY)}).status_code == 422


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_in_both_languages(manager, mia, ada, base, language):
    manager.cookies["django_language"] = language
    campaign = make_campaign(author=mia)
    try_campaign(actor=mia, code=campaign.code, version=1, now=NOW)
    submit(actor=mia, code=campaign.code, version=1, number=10, now=NOW)
    approve(actor=ada, code=campaign.code, version=1)
    running = make_campaign(state=State.RUNNING, frozen_on=TODAY)
    make_member(campaign=running, line=base[0])
    for url in (
        "/campaigns/", "/campaigns/plan/", "/campaigns/plan/new/", "/campaigns/calendar/", "/campaigns/hold-out/",
        "/campaigns/new/", f"/campaigns/{campaign.code}/", f"/campaigns/{campaign.code}/copy/",
        f"/campaigns/{running.code}/", f"/campaigns/{running.code}/members/",
        *(step(campaign.code, name) for name in ("goal", "audience", "control", "offers", "channel", "review")),
    ):  # fmt: skip
        assert manager.get(url).status_code == 200, url
    assert CampaignMember.objects.count() == 1
