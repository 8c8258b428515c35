import csv
import io
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from analytics.groups.services import record_groups
from campaigns.scenarios.services.installation import install_scenarios
from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, TODAY, make_profile, make_subscriber, make_user
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder

GROUPS = "/churn/groups/"


@pytest.fixture
def mel(branches):
    """The manager of Harbour City."""
    return make_user(username="mel", role="manager", branch=branches.city)


@pytest.fixture
def hal(branches):
    """The manager of the other city."""
    return make_user(username="hal", role="manager", branch=branches.other)


@pytest.fixture
def at_risk(make_group, branches):
    """A group of the outlet with a part in the other city, which spends most; one more in the other city alone."""
    both = make_group(8, left=3, number="G-BOTH", risk_probability=0.1)
    make_profile(subscriber=make_subscriber(branch=branches.other, group=both), arpu=900, risk_probability=0.5)
    make_group(6, left=2, number="G-THERE", branch=branches.other)
    record_groups(as_of=TODAY)
    return both


def get(client, user, url):
    client.force_login(user)
    with clock.freeze(NOW):
        return client.get(url)


def test_the_page_lists_groups_with_counts_of_visible_members_only(client, mel, at_risk):
    page = get(client, mel, GROUPS)
    assert page.status_code == 200
    assert "Works G-BOTH" in page.text
    assert "Works G-THERE" not in page.text
    assert "Several members have left in 90 days" in page.text
    row = page.context["table"].rows[0]
    assert (row.get_cell("members"), row.get_cell("left")) == ("5", "3")
    assert row.get_cell("at_risk") == "¥50.00"


def test_groups_are_in_the_order_of_revenue_at_risk_for_who_sees_all(client, ada, at_risk):
    rows = get(client, ada, GROUPS).context["table"].rows
    assert [row.record.group.group_no for row in rows] == ["G-BOTH", "G-THERE"]
    assert rows[0].get_cell("members") == "6"


def test_filters_narrow_the_list(client, ada, at_risk):
    assert "Works G-BOTH" in get(client, ada, GROUPS + "?level=alarm").text
    assert "Works G-BOTH" not in get(client, ada, GROUPS + "?level=watch").text
    assert "Works G-BOTH" not in get(client, ada, GROUPS + "?kind=family").text


def test_the_export_holds_the_same_and_is_in_the_trail(client, mel, at_risk):
    answer = get(client, mel, GROUPS + "?export=csv")
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][0] == "Works G-BOTH"
    assert AuditEntry.objects.filter(action="export", target="groups").count() == 1


def test_a_groups_page_shows_the_members_one_may_see_gone_ones_among_them(client, mel, at_risk):
    page = get(client, mel, f"{GROUPS}G-BOTH/")
    numbers = [row.record.branch.code for row in page.context["table"].rows]
    assert set(numbers) == {"P1-C1-D1-O1"}
    assert len(numbers) == 8
    assert "Alarm" in page.text


def test_a_group_of_which_one_may_see_no_member_is_not_there(client, mel, hal, at_risk):
    assert get(client, mel, f"{GROUPS}G-THERE/").status_code == 404
    assert get(client, mel, f"{GROUPS}NO-SUCH/").status_code == 404
    assert get(client, hal, f"{GROUPS}G-THERE/").status_code == 200


def test_a_calm_group_still_has_a_page(client, mel, make_group):
    make_group(5, number="G-CALM")
    assert get(client, mel, f"{GROUPS}G-CALM/").status_code == 200


def test_agents_have_no_group_pages(client, ana, at_risk):
    for url in (GROUPS, f"{GROUPS}second-sim/", f"{GROUPS}G-BOTH/"):
        assert get(client, ana, url).status_code == 403


SUSPECT = {"in_share_change": 0.2, "calls_out_change": -0.6, "calls_in_change": -0.05, "arpu": 120}


@pytest.mark.parametrize(
    "given",
    [
        {"arpu": 60},
        {"in_share_change": 0.1},
        {"calls_out_change": -0.29},
        {"line_type": "broadband"},
        {"status": "stopped"},
    ],
)
def test_only_mid_value_lines_with_incoming_kept_and_outgoing_fallen_look_like_a_second_sim(
    client, mel, branches, given
):
    suspect = make_profile(subscriber=make_subscriber(branch=branches.outlet), **SUSPECT)
    make_profile(subscriber=make_subscriber(branch=branches.outlet), **SUSPECT | given)
    rows = get(client, mel, f"{GROUPS}second-sim/").context["table"].rows
    assert [row.record.pk for row in rows] == [suspect.pk]


def test_the_least_spend_of_a_second_sim_can_be_asked_for_and_foreign_lines_stay_hidden(client, mel, branches):
    make_profile(subscriber=make_subscriber(branch=branches.outlet), **SUSPECT)
    make_profile(subscriber=make_subscriber(branch=branches.other), **SUSPECT)
    assert len(get(client, mel, f"{GROUPS}second-sim/").context["table"].rows) == 1
    assert not get(client, mel, f"{GROUPS}second-sim/?spend=200").context["table"].rows


def post(client, user, url, **data):
    client.force_login(user)
    with clock.freeze(NOW):
        return client.post(url, data, follow=True)


@pytest.fixture
def shipped(db):
    install_order_types()
    install_scenarios()


def test_orders_open_for_ticked_members_after_the_type_is_chosen(client, mel, at_risk, shipped):
    url = reverse("analytics:group-orders", args=["G-BOTH"])
    assert url in get(client, mel, f"{GROUPS}G-BOTH/").text
    member = at_risk.members.filter(status="active", branch__code="P1-C1-D1-O1").first()
    asked = post(client, mel, url, action="open", row=[member.pk])
    assert "1 line chosen" in asked.text
    assert not WorkOrder.objects.exists()
    done = post(client, mel, url, confirmed="1", row=[member.pk], order_type="churn_retention")
    assert "1 order opened." in done.text
    order = WorkOrder.objects.get()
    assert (order.subscriber_id, order.source, order.origin_key) == (member.pk, "group", "G-BOTH")
    way = f"{reverse('workorders:supervise')}?{urlencode(BATCH)}"
    assert way.replace("&", "&amp;") in done.text


BATCH = {"opened_at": NOW.isoformat(), "source": "group", "state": "any"}


def test_one_comes_back_to_the_group_as_it_was_arranged(client, mel, at_risk, shipped):
    member = at_risk.members.filter(status="active", branch__code="P1-C1-D1-O1").first()
    url = reverse("analytics:group-orders", args=["G-BOTH"])
    done = post(client, mel, url, confirmed="1", row=[member.pk], order_type="churn_retention", query="sort=-arpu")
    assert done.redirect_chain == [("/churn/groups/G-BOTH/?sort=-arpu", 302)]


def test_all_means_the_visible_members_who_are_still_there_and_nobody_else(client, mel, at_risk, shipped):
    make_profile(risk_tier="critical", risk_probability=0.9, expected_gain=500)
    asked = post(client, mel, reverse("analytics:group-orders", args=["G-BOTH"]), action="open", all="1")
    assert "5 lines chosen" in asked.text


def test_a_group_out_of_sight_takes_no_orders(client, mel, at_risk, shipped):
    assert post(client, mel, reverse("analytics:group-orders", args=["G-THERE"]), all="1").status_code == 404


def test_all_second_sims_are_those_of_the_list_as_it_was_filtered(client, mel, branches, shipped):
    for arpu in (100, 150, 90):
        make_profile(subscriber=make_subscriber(branch=branches.outlet), **SUSPECT | {"arpu": arpu})
    make_profile(subscriber=make_subscriber(branch=branches.outlet), risk_tier="critical", expected_gain=500)
    url = reverse("analytics:second-sim-orders")
    asked = post(client, mel, url, action="open", all="1", query="spend=95")
    assert "2 lines chosen" in asked.text
    carried = {name: asked.context[name] for name in ("all", "query")}
    assert carried == {"all": "1", "query": "spend=95"} and not asked.context["ticked"]
    done = post(client, mel, url, confirmed="1", order_type="churn_retention", **carried)
    assert "2 orders opened." in done.text
    assert {order.source for order in WorkOrder.objects.all()} == {"second-sim"}
    assert done.redirect_chain == [(f"{reverse('analytics:second-sims')}?spend=95", 302)]


def test_nothing_ticked_leads_back(client, mel, branches, shipped):
    assert "No lines are selected." in post(client, mel, reverse("analytics:second-sim-orders"), action="open").text
