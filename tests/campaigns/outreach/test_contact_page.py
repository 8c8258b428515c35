"""Why a customer was or was not contacted, in one look."""

from datetime import timedelta

import pytest

from campaigns.outreach import ContactRequest, reserve
from campaigns.outreach.services import change_policy
from campaigns.scenarios.models import EventReaction
from customers.facts.models import Consent
from retention.core.administration.services import Seen
from retention.core.ui.formats import moment
from tests.campaigns.rows import make_hit, make_line, make_scenario
from tests.factories import NOW, grant, make_contact, make_event, make_list_entry, make_subscriber

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def line(branches):
    return make_line(branch=branches.city).subscriber


def page(client, line, user, **params):
    client.force_login(user)
    return client.get(f"/contacts/{line.subscriber_no}/", params)


@pytest.fixture(autouse=True)
def at_ten(standing_clock):
    return standing_clock


def cells(table):
    return [[row.get_cell_value(column.name) for column in table.columns] for row in table.rows]


def test_the_gates_answers_with_rule_row_and_first_moment(client, mia, line):
    make_list_entry(customer=line.account.customer, channel="call", ends_on=(NOW + 2 * DAY).date(), reason="by letter")
    answer = page(client, line, mia)
    matrix = {row[0]: row[1:] for row in cells(answer.context["matrix"])}
    assert "Do not disturb" in matrix["Retention"][0]
    assert f"from {moment((NOW + 3 * DAY).replace(hour=9))}" in matrix["Retention"][0]
    assert "Yes" in matrix["Retention"][1]
    rules = cells(answer.context["answers"])
    assert [row[:3] for row in rules[:1]] == [
        ["Do not disturb", "Calls: every purpose", f"Do not disturb since {moment((NOW - DAY).date())}: by letter."]
    ]
    assert [row[1] for row in rules[1:]] == ["SMS: Marketing", "E-mail: Marketing", "App: Marketing"]


def test_what_wanted_the_customer_is_told_with_reason_link_and_policy_version(client, ada, line, settings):
    customer = line.account.customer_id
    make_contact(subscriber=line, at=NOW - 40 * DAY, outcome="connected", order_no="W1")
    make_contact(subscriber=line, at=NOW - 91 * DAY, outcome="connected")
    Consent.objects.create(
        subscriber=line, purpose="care", channel="call", granted=False, at=NOW - 9 * DAY, source="web"
    )
    wish = ContactRequest(customer, line.pk, "call", "care", "scenario:S21")
    reserve(requests=[wish], now=NOW - 5 * DAY)
    change_policy(actor=ada, values={"attempts": 5}, seen=Seen({"attempts": 3}))
    reserve(requests=[wish], now=NOW + timedelta(minutes=1))
    scenario = make_scenario(code="S4", name="Spend fell", cooldown_days=30)
    profile = line.profile
    make_hit(scenario=scenario, line=profile, state="refused", reason="order_open", on=(NOW - 3 * DAY).date())
    make_hit(scenario=make_scenario(code="S21"), line=profile, state="refused", reason="consent_refused")
    event = make_event(subscriber=line, kind="port_out_inquiry", at=NOW - 2 * DAY)
    EventReaction.objects.create(event=event, scenario=scenario, at=NOW - 2 * DAY, result="capped")
    items = page(client, line, ada).context["timeline"]
    assert [(item.badge, item.at) for item in items] == [
        ("Not made (contact rule)", NOW + timedelta(minutes=1)),
        ("Over the daily cap", NOW - 2 * DAY),
        ("Not called (contact rule)", (NOW - 3 * DAY).replace(hour=0)),
        ("Not made (contact rule)", NOW - 5 * DAY),
        ("Made", NOW - 40 * DAY),
    ]
    late, capped, merged, early, made = items
    why = f"Calls, Care: refused by web on {moment(NOW - 9 * DAY)}."
    assert early.text == f"asked for by scenario S21 · {why} · policy version 1"
    assert (late.text.endswith("policy version 2"), late.href) == (True, "/administration/contact-policy/?version=2")
    assert (capped.title, capped.href) == ("Scenario S4: Spend fell", "/scenarios/S4/")
    assert "Another order is open" in merged.text
    assert "order W1" in made.text


def test_a_scenario_that_found_the_customer_says_until_when_it_rests(client, ada, line):
    make_hit(scenario=make_scenario(cooldown_days=30), line=line.profile, state="opened", order_no="W9", on=NOW.date())
    (item,) = page(client, line, ada).context["timeline"]
    assert f"found again from {moment((NOW + 30 * DAY).date())} at the earliest" in item.text


def test_whoever_may_not_see_the_customer_does_not_see_the_page(client, ana, mia, line):
    elsewhere = make_subscriber()
    assert page(client, elsewhere, mia).status_code == 404
    assert page(client, line, ana).status_code == 404
    grant(customer=line.account.customer, user=ana)
    answer = page(client, line, ana)
    assert answer.status_code == 200
    assert line.phone_number not in answer.text
    assert "contact-policy" not in answer.text


def test_a_search_leads_to_the_one_line_or_lists_those_that_may_be_seen(client, mia, branches, line):
    client.force_login(mia)
    answer = client.get("/contacts/", {"q": line.subscriber_no})
    assert (answer.status_code, answer.url) == (302, f"/contacts/{line.subscriber_no}/")
    make_subscriber(branch=branches.city, account=line.account)
    hidden = make_subscriber()
    answer = client.get("/contacts/", {"q": line.account.customer.customer_no})
    assert len(answer.context["found"].rows) == 2
    assert len(client.get("/contacts/", {"q": hidden.subscriber_no}).context["found"].rows) == 0


def test_an_agent_records_a_refusal_where_it_is_explained(client, ana, line):
    grant(customer=line.account.customer, user=ana)
    client.force_login(ana)
    url = f"/contacts/{line.subscriber_no}/consent/"
    said = {"said": "withdrawn", "purpose": "retention", "channel": "call", "source": "call", "proof": "REC-5"}
    assert client.post(url, said).status_code == 302
    rules = cells(page(client, line, ana).context["answers"])
    assert f"Calls, Retention: refused by call on {moment(NOW)}, reference REC-5." in [row[2] for row in rules]
    answer = client.post(url, said | {"said": "given", "proof": ""})
    assert (answer.status_code, list(answer.context["consent_form"].errors)) == (422, ["proof"])
    assert Consent.objects.get().granted is False


def test_the_360_has_the_answers_the_proof_and_the_way_to_the_page(client, mia, ana, line):
    Consent.objects.create(
        subscriber=line,
        purpose="care",
        channel="call",
        granted=False,
        at=NOW,
        source="web",
        proof="P-9",
        recorded_by=ana,
    )
    client.force_login(mia)
    text = client.get(f"/customers/{line.subscriber_no}/").text
    assert f'href="/contacts/{line.subscriber_no}/"' in text
    assert 'id="contact"' in text
    assert "P-9" in text
    assert ana.display_name in text


def test_the_page_costs_the_same_however_much_wanted_the_customer(client, ada, line, django_assert_max_num_queries):
    scenario = make_scenario()
    for days in range(20):
        make_contact(subscriber=line, at=NOW - days * DAY, state="refused", reason="attempts_spent")
        make_hit(
            scenario=scenario, line=line.profile, state="opened", order_no=f"W{days}", on=(NOW - days * DAY).date()
        )
    client.force_login(ada)
    with django_assert_max_num_queries(24):
        assert len(client.get(f"/contacts/{line.subscriber_no}/").context["timeline"]) == 40


def test_the_page_in_chinese(client, mia, line):
    make_list_entry(customer=line.account.customer)
    client.cookies["django_language"] = "zh-hans"
    text = page(client, line, mia).text
    assert "该客户为何被接触或未被接触" in text
    assert "免打扰" in text
    assert "最早可接触时间" in text
