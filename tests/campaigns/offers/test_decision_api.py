"""The billing system fetches what customers accepted and says what it made of it."""

import pytest

from campaigns.offers.models import Decision
from campaigns.offers.services.billing import confirm, refuse
from campaigns.offers.services.proposals import propose
from campaigns.offers.states import State
from tests.api import make_client
from tests.campaigns.offers.rows import make_decision, make_line, make_offer
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing():
    return make_client("decisions:write")


def test_what_waits_is_listed_as_the_contract_says(billing):
    agent = make_user(role="agent", username="ana")
    decision = make_decision(offer=make_offer(code="renew", kind="renewal", name="Renewal"), agent=agent)
    answer = billing.get("decisions")
    assert answer.status_code == 200
    policy = decision.offer.policy
    assert answer.json() == {
        "results": [
            {
                "id": str(decision.public_id),
                "state": "pending",
                "subscriber_no": decision.subscriber.subscriber_no,
                "order_no": decision.order_no,
                "offer": {
                    "code": "renew",
                    "name": "Renewal",
                    "kind": "renewal",
                    "terms": {
                        "value": "30.00", "policy_code": policy.code, "policy_name": policy.name, "months": 24,
                        "deposit": "0.00", "gift_value": "0.00",
                    },
                },
                "accepted_at": "2026-11-20T10:00:00+08:00",
                "accepted_by": "ana",
                "billing_ref": None,
                "refusal_reason": None,
                "settled_at": None,
            }
        ],
        "next": None,
    }  # fmt: skip


def test_states_are_filtered_by_the_names_of_the_api(billing):
    waiting, done, refused = make_decision(), make_decision(), make_decision()
    confirm(decision_id=str(done.public_id), client=billing.client, billing_ref="R", now=NOW)
    refuse(decision_id=str(refused.public_id), client=billing.client, reason="no", now=NOW)
    line, offer = make_line(), make_offer()
    propose(order_no="W9", subscriber=line, offer_code=offer.code, actor=make_user(role="agent"), now=NOW)

    def found(query):
        return [one["id"] for one in billing.get(f"decisions{query}").json()["results"]]

    assert found("") == found("?state=pending") == [str(waiting.public_id)]
    assert found("?state=confirmed") == [str(done.public_id)]
    assert found("?state=refused") == [str(refused.public_id)]
    assert found("?state=all") == [str(one.public_id) for one in (waiting, done, refused)]
    for bad in ("?state=accepted", "?cursor=%00", "?limit=0", "?limit=x"):
        answer = billing.get(f"decisions{bad}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_parameter"), bad


def test_one_decision_is_read_by_its_id_as_the_list_gives_it(billing, branches):
    waiting, done = make_decision(), make_decision(line=make_line(branch=branches.other))
    confirm(decision_id=str(done.public_id), client=billing.client, billing_ref="R", now=NOW)
    for decision in billing.get("decisions?state=all").json()["results"]:
        assert billing.get(f"decisions/{decision['id']}").json() == decision
    of_city = make_client("decisions:write", branch=branches.city)
    assert of_city.get(f"decisions/{done.public_id}").status_code == 404
    offer = make_offer()
    standing = propose(
        order_no="W9", subscriber=make_line(), offer_code=offer.code, actor=make_user(role="agent"), now=NOW
    )
    for nothing in ("7", "00000000-0000-0000-0000-000000000000", standing.public_id):
        answer = billing.get(f"decisions/{nothing}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert billing.get(f"decisions/{waiting.public_id}").json()["state"] == "pending"


def test_pages_follow_one_another(billing):
    made = [str(make_decision().public_id) for _decision in range(3)]
    first = billing.get("decisions?limit=2").json()
    second = billing.get(f"decisions?limit=2&cursor={first['next']}").json()
    assert [one["id"] for one in first["results"] + second["results"]] == made
    assert second["next"] is None


def test_a_page_costs_the_same_however_long_it_is(billing, django_assert_max_num_queries):
    for _decision in range(5):
        make_decision()
    with django_assert_max_num_queries(8):
        assert len(billing.get("decisions").json()["results"]) == 5


def test_confirming_twice_is_one_and_the_other_way_is_a_conflict(billing):
    decision = make_decision()
    path = f"decisions/{decision.public_id}"
    first = billing.post(f"{path}/confirm", {"billing_ref": "R-1"})
    assert (first.status_code, first.json()["state"], first.json()["billing_ref"]) == (200, "confirmed", "R-1")
    again = billing.post(f"{path}/confirm", {"billing_ref": "R-1"})
    assert (again.status_code, again.json()) == (200, first.json())
    for other in (f"{path}/confirm", {"billing_ref": "R-2"}), (f"{path}/refuse", {"reason": "no"}):
        answer = billing.post(*other)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "already_confirmed")


def test_a_refusal_says_why(billing):
    decision = make_decision()
    answer = billing.post(f"decisions/{decision.public_id}/refuse", {"reason": "Under contract."})
    assert (answer.status_code, answer.json()["refusal_reason"]) == (200, "Under contract.")
    assert Decision.objects.get().state == State.REFUSED


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), ([], 400), ({}, 422), ({"billing_ref": ""}, 422), ({"billing_ref": 7}, 422),
        ({"billing_ref": "a\0b"}, 422), ({"billing_ref": "x" * 81}, 422),
    ],
)  # fmt: skip
def test_a_wrong_body_is_told_where(billing, body, status):
    answer = billing.post(f"decisions/{make_decision().public_id}/confirm", body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_strangers_and_other_branches_find_nothing(billing, branches):
    decision = make_decision(line=make_line(branch=branches.other))
    path = f"decisions/{decision.public_id}/confirm"
    for nowhere in ("decisions/7/confirm", "decisions/00000000-0000-0000-0000-000000000000/confirm"):
        assert billing.post(nowhere, {"billing_ref": "R"}).status_code == 404
    of_city = make_client("decisions:write", branch=branches.city)
    assert of_city.post(path, {"billing_ref": "R"}).status_code == 404
    assert of_city.get("decisions").json()["results"] == []
    reader = make_client("risk:read")
    assert reader.get("decisions").json()["error"]["code"] == "missing_scope"
    assert reader.post(path, {"billing_ref": "R"}).status_code == 403
