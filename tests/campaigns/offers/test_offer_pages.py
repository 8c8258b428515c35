"""The offer library in the browser, as each role."""

import pytest
from django.urls import reverse

from campaigns.offers.models import Offer
from campaigns.offers.services.billing import confirm
from campaigns.offers.services.proposals import propose
from retention.core.audit.models import AuditEntry
from tests.api import make_client
from tests.campaigns.offers.rows import make_decision, make_line, make_offer
from tests.campaigns.rows import ask, rule
from tests.factories import NOW, make_policy, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
LIST = reverse("offers:offers")


def page(name, offer):
    return reverse(f"offers:{name}", args=[offer.code])


def form(**given):
    values = {
        "code": "deposit", "name": "Deposit gift", "name_zh": "存费送费", "family": "care", "gift": "50 yuan",
        "value": "50", "cost": "30", "pitch": "Fifty yuan for you.", "branch": "",
        "part": ["r", "r-0"], "r.mode": "and", "r-0.field": "arpu", "r-0.operator": ">=", "r-0.value": "80",
    }  # fmt: skip
    return values | given


def test_the_list_says_what_came_of_each_offer(manager, branches):
    offer = make_offer(kind="renewal", policy=make_policy(name="Gold", months=24))
    done = make_decision(line=make_line(branch=branches.outlet), offer=offer)
    confirm(decision_id=str(done.public_id), client=make_client().client, billing_ref="R", now=NOW)
    agent = make_user(role="agent")
    line = make_line(branch=branches.city)
    propose(order_no="W1", subscriber=line, offer_code=offer.code, actor=agent, now=NOW)
    make_decision(offer=offer)  # of another province: not hers
    row = manager.get(LIST).context["table"].page.object_list[0].record
    assert (row.proposed, row.accepted, row.confirmed, row.refused) == (2, 1, 1, 0)
    text = manager.get(LIST).content.decode()
    assert "24 months with Gold" in text
    assert "50.0%" in text


def test_the_list_costs_the_same_for_any_number_of_offers(manager, django_assert_max_num_queries):
    for _offer in range(15):
        make_offer()
    with django_assert_max_num_queries(12):
        manager.get(LIST)


def test_an_offer_says_to_whom_it_may_be_made_and_who_got_it(manager, branches):
    offer = make_offer(rule=rule(ask("arpu", ">=", 80)))
    line = make_line(branch=branches.city, profile_arpu=100)
    make_decision(line=line, offer=offer)
    text = manager.get(page("offer", offer)).content.decode()
    assert "At least 80 yuan a month" in text
    assert line.subscriber_no in text
    assert "Waiting for billing" in text
    none = manager.get(page("offer", offer), {"state": "confirmed"})
    assert len(none.context["table"].rows) == 0


@pytest.mark.parametrize("name", ["offers", "offer"])
def test_lists_are_exported_and_the_export_is_audited(manager, name):
    offer = make_offer()
    address = LIST if name == "offers" else page("offer", offer)
    answer = manager.get(address, {"export": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    b"".join(answer.streaming_content)
    assert AuditEntry.objects.filter(action="export").exists()


def test_a_manager_makes_an_offer_and_switches_it_on(manager):
    answer = manager.post(reverse("offers:offer-new"), form())
    offer = Offer.objects.get(code="deposit")
    assert answer.url == page("offer", offer)
    assert (offer.enabled, offer.gift, offer.value) == (False, "50 yuan", 50)
    assert offer.rule["rules"] == [{"field": "arpu", "operator": ">=", "value": 80}]
    manager.post(page("offer-switch", offer), {"to": "on"})
    offer.refresh_from_db()
    assert offer.enabled
    assert AuditEntry.objects.filter(action="offer.change").count() == 2


def test_changing_it_is_a_new_version_and_a_stale_form_is_refused(manager):
    offer = make_offer(code="deposit")
    changed = form(name="Better gift", version="1")
    assert manager.post(page("offer-edit", offer), changed).status_code == 302
    offer.refresh_from_db()
    assert (offer.name, offer.version) == ("Better gift", 2)
    assert manager.post(page("offer-edit", offer), changed | {"name": "Stale"}).status_code == 409


def test_the_kind_decides_which_terms_are_kept(manager):
    policy = make_policy()
    manager.post(reverse("offers:offer-new"), form(family="renewal", policy=policy.pk))
    offer = Offer.objects.get(code="deposit")
    assert (offer.policy, offer.gift) == (policy, "")


WRONG = [
    ({"family": "renewal"}, "Enter what the customer gets"),
    ({"gift": ""}, "Enter what the customer gets"),
    ({"valid_from": "2026-12-01", "valid_until": "2026-11-01"}, "The last day lies before the first"),
    ({"cost": "-1"}, "greater than or equal to 0"),
    ({"r-0.field": "risk_probability", "r-0.value": "50"}, "may decide who is called, not what is offered"),
    ({"r-0.value": "many"}, "Monthly spend"),
    ({"code": "new"}, "This code is reserved"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_saved(manager, given, said):
    answer = manager.post(reverse("offers:offer-new"), form(**given))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Offer.objects.exists()


def test_a_code_is_taken_once(manager):
    make_offer(code="deposit")
    assert manager.post(reverse("offers:offer-new"), form()).status_code == 409


def test_an_offer_without_terms_cannot_be_switched_on(manager):
    offer = make_offer(kind="renewal", policy=None, enabled=False)
    assert "Nothing to offer yet" in manager.get(page("offer", offer)).content.decode()
    manager.post(page("offer-switch", offer), {"to": "on"})
    offer.refresh_from_db()
    assert not offer.enabled


def test_the_builder_works_without_script(manager):
    answer = manager.post(reverse("offers:offer-new"), form(do="add:r"))
    assert answer.status_code == 200
    assert answer.content.decode().count('name="part"') == 3


@pytest.mark.parametrize("role", ["agent", "supervisor", "analyst"])
def test_others_read_and_do_not_edit(client, branches, role):
    client.force_login(make_user(role=role, branch=branches.city))
    offer = make_offer()
    text = client.get(page("offer", offer)).content.decode()
    assert page("offer-edit", offer) not in text
    assert client.get(page("offer-edit", offer)).status_code == 403
    assert client.post(page("offer-switch", offer), {"to": "off"}).status_code == 403
    assert client.get(reverse("offers:offer-new")).status_code == 403


def test_an_offer_of_the_whole_base_is_for_the_head_office_to_change(client, branches):
    manager = make_user(role="manager", branch=branches.city)
    client.force_login(manager)
    assert client.get(page("offer-edit", make_offer())).status_code == 403
    mine = make_offer(branch=branches.city)
    assert client.get(page("offer-edit", mine)).status_code == 200
    assert client.get(page("offer", make_offer(branch=branches.other))).status_code == 404


def test_the_360_shows_what_the_line_was_offered(manager, branches):
    decision = make_decision(line=make_line(branch=branches.city))
    text = manager.get(reverse("customers:detail", args=[decision.subscriber.subscriber_no])).content.decode()
    assert 'id="decisions"' in text
    assert "Waiting for billing" in text
