"""Measured campaigns become tests of their treatment, and the page of assumptions says what they show."""

from datetime import timedelta
from decimal import Decimal

import pytest

from analytics.evaluation.services.campaign_tests import record_campaign_tests
from analytics.valuation.models import Experiment, Treatment
from analytics.valuation.queries import measured_by_kind
from analytics.valuation.rules.economics import Economics
from analytics.valuation.services import withdraw_experiment
from campaigns.campaigns.models import CampaignMember
from campaigns.campaigns.states import Arm, MemberState, State
from campaigns.offers.models import Decision
from customers.facts.models import Subscriber
from retention.core.audit.models import AuditEntry
from tests.campaigns.campaigns.rows import make_campaign
from tests.campaigns.offers.rows import make_decision, make_offer
from tests.factories import NOW, TODAY, make_account, make_customer, make_profile, make_subscriber, number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
URL = "/churn/value/"


@pytest.fixture
def crowd(branches):
    """crowd(campaign, arm, count, left=...): members whose wave began so long ago, some of whom left after 20 days."""
    account = make_account(customer=make_customer(branch=branches.outlet))
    model = make_subscriber(account=account, branch=branches.outlet)

    def make(campaign, arm, count, *, left=0, days_ago=95):
        on = TODAY - timedelta(days=days_ago)
        fields = {
            field.attname: getattr(model, field.attname) for field in Subscriber._meta.concrete_fields
            if field.attname not in ("id", "subscriber_no", "phone_number")
        }  # fmt: skip
        gone = {"status": "terminated", "terminated_on": on + timedelta(days=20), "termination_reason": "port_out"}
        lines = Subscriber.objects.bulk_create(
            Subscriber(
                **fields | {"subscriber_no": number("S"), "phone_number": number("1")} | (gone if place < left else {})
            )
            for place in range(count)
        )
        base = CampaignMember.objects.count() + 10_000
        state = MemberState.LEFT_ALONE if arm == Arm.CONTROL else MemberState.OPENED
        return CampaignMember.objects.bulk_create(
            CampaignMember(campaign=campaign, subscriber=line, customer_id=base + place, branch=branches.outlet,
                           arm=arm, arpu=Decimal(100), state=state, launched_on=on)
            for place, line in enumerate(lines)
        )  # fmt: skip

    return make


@pytest.fixture
def measured(crowd):
    """A renewal campaign of 2,000 that kept about half of those who would have left; 400 took the offer."""

    def make(code="spring", **given):
        make_offer(code=f"O-{code}", kind="renewal")
        values = {"state": State.MEASURING, "control_percent": 50, "ends_on": TODAY - timedelta(days=90),
                  "starts_on": TODAY - timedelta(days=95), "offer_codes": [f"O-{code}"]}  # fmt: skip
        campaign = make_campaign(code=code, **values | given)
        crowd(campaign, Arm.TREATED, 1_000, left=50)
        crowd(campaign, Arm.CONTROL, 1_000, left=100)
        return campaign

    return make


def shown(client) -> str:
    """The page of assumptions with plain spaces."""
    return " ".join(client.get(URL).text.split())


def record(known=TODAY):
    return record_campaign_tests(as_of=known, now=NOW)


def test_a_campaign_whose_windows_are_over_is_a_test_once(measured, mia):
    campaign = measured()
    assert record() == 1 and record() == 0
    row = Experiment.objects.get()
    assert (row.kind, row.campaign, row.recorded_by, row.source) == ("renewal", campaign, None, "spring")
    assert (row.treated, row.treated_left, row.control, row.control_left) == (1_000, 50, 1_000, 100)
    assert row.accepted == 0
    assert AuditEntry.objects.get(action="value.change").detail["recorded"]["treated_left"] == 50
    withdraw_experiment(actor=mia, pk=row.pk, now=NOW)
    assert record() == 0  # a withdrawn one does not come back the next night


def test_the_planner_reckons_with_what_was_measured(measured):
    before = Economics.current().rates["renewal", "over_12", "low"]
    measured()
    record()
    after = Economics.current().rates["renewal", "over_12", "low"]
    assert before.rate == pytest.approx(0.15) and not before.is_learned
    assert before.rate < after.rate < 0.5 and after.is_learned
    assert after.high - after.low < before.high - before.low
    assert not Economics.current().rates["gift", "over_12", "low"].is_learned


@pytest.mark.parametrize(
    "given",
    [
        {"state": State.RUNNING}, {"control_percent": 10},
        {"starts_on": TODAY - timedelta(days=900), "ends_on": TODAY - timedelta(days=800)},
        {"channel": "sms", "order_type": "", "template": "T1"},
    ],
    ids=["still running", "arms not as drawn", "long over", "no call"],
)  # fmt: skip
def test_what_cannot_say_what_a_call_does_is_left_out(measured, given):
    measured(**given)
    assert record() == 0 and not Experiment.objects.exists()


def test_offers_of_several_kinds_and_windows_under_way_are_left_out(measured):
    make_offer(code="O-gift", kind="gift")
    measured(offer_codes=["O-gift", "O-spring"])
    measured("autumn")
    assert record(known=TODAY - timedelta(days=20)) == 0
    assert record() == 1
    assert Experiment.objects.get().source == "autumn"


def test_a_campaign_without_offers_measures_the_call_alone(measured):
    measured(offer_codes=[])
    record()
    row = Experiment.objects.get()
    assert (row.kind, row.accepted) == ("contact", None)
    assert measured_by_kind()["contact"].acceptance is None


def test_the_page_says_what_is_measured_and_what_is_assumed(client, mia, measured):
    make_profile()
    measured()
    measured("autumn")
    record()
    client.force_login(mia)
    text = shown(client)
    assert "Leavers kept: measured in 2 campaigns, 4,000 people: 50% (" in text
    assert text.count("Leavers kept: assumed; no campaign has measured it yet.") == 3
    assert "Take the offer: measured on 2,000 people: 0.0%" in text
    assert 'href="/campaigns/autumn/result/"' in text or "autumn/result" in text


def test_one_press_takes_the_measured_acceptance_over(client, mia, measured):
    campaign = measured()
    offer = campaign.offers.get()
    for member in CampaignMember.objects.filter(campaign=campaign, arm=Arm.TREATED).order_by("-pk")[:4]:
        make_profile(subscriber=member.subscriber)
        make_decision(line=member.subscriber, offer=offer)
    Decision.objects.update(
        proposed_at=NOW - timedelta(days=80), decided_at=NOW - timedelta(days=80), accepted_at=NOW - timedelta(days=80)
    )
    record()
    assert Experiment.objects.get().accepted == 4
    client.force_login(mia)
    assert "Reckon with 0.4%, as measured" in shown(client)
    assert client.post(URL + "treatments/renewal/adopt/").status_code == 302
    assert Treatment.objects.get(kind="renewal").acceptance == 0.004
    entry = AuditEntry.objects.filter(action="value.change", actor=mia).get()
    assert entry.detail["changes"]["acceptance"] == ["0.35", "0.004"]
    assert "Reckon with 0.4" not in shown(client)
    assert client.post(URL + "treatments/gift/adopt/").status_code == 404
