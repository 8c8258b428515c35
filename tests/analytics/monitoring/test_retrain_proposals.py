"""A proposal to retrain: made once, decided by a person, carried out by a worker."""

import pytest

from analytics.churn.services import versions as churn
from analytics.monitoring.models import ProposalReason, RetrainProposal
from analytics.monitoring.queries import model_alarms
from analytics.monitoring.services import proposals
from analytics.monitoring.tasks import retrain_accepted
from retention.core.alerts.services import handling
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid
from tests.analytics.monitoring.rows import make_alarm
from tests.factories import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock", "thresholds")]
State = RetrainProposal.State


@pytest.fixture
def proposal() -> RetrainProposal:
    make_alarm()
    assert proposals.propose(as_of=TODAY, version="v1")
    return RetrainProposal.objects.get()


def propose() -> bool:
    return proposals.propose(as_of=TODAY, version="v1")


def test_serious_alarms_share_one_proposal(proposal) -> None:
    make_alarm(kind="score", subject="")
    assert not propose()
    assert RetrainProposal.objects.get().alarms.count() == 2


def test_alarms_that_are_not_serious_or_are_over_propose_nothing() -> None:
    make_alarm(kind="missing")
    make_alarm(kind="unscored", subject="")
    make_alarm(closed_on=TODAY)
    assert not propose() and not RetrainProposal.objects.exists()


def test_declining_needs_a_reason_and_settles_the_alarms_it_named(proposal, ada) -> None:
    with pytest.raises(Invalid):
        proposals.decline(proposal=proposal, actor=ada, reason=" ")
    proposals.decline(proposal=proposal, actor=ada, reason="A tariff change, known")
    assert not propose()
    make_alarm(kind="score", subject="")
    assert propose()
    assert RetrainProposal.objects.waiting().get().alarms.get().kind == "model.score"
    entry = AuditEntry.objects.filter(actor=ada, action="watch.change").get()
    assert entry.detail == {"state": "declined", "reason": "A tariff change, known"}


def test_a_proposal_is_decided_once(proposal, ada) -> None:
    proposals.accept(proposal=proposal, actor=ada)
    with pytest.raises(Conflict):
        proposals.decline(proposal=proposal, actor=ada, reason="too late")
    with pytest.raises(Conflict):
        proposals.accept(proposal=proposal, actor=ada)


def test_while_training_runs_nothing_else_is_proposed(proposal, ada) -> None:
    proposals.accept(proposal=proposal, actor=ada)
    make_alarm(kind="score", subject="")
    assert not propose()
    assert not ProposalReason.objects.filter(alert__kind="model.score").exists()


def test_accepting_trains_a_challenger_on_what_is_known_by_yesterday(
    proposal, ada, monkeypatch, eager_tasks, django_capture_on_commit_callbacks
) -> None:
    asked: list[dict] = []
    hinted: list[str] = []
    monkeypatch.setattr(churn, "train", lambda **given: asked.append(given) or {"version": "v2"})
    monkeypatch.setattr(proposals, "wake_worker", hinted.append)
    proposals.accept(proposal=proposal, actor=ada)
    assert hinted == [f"{retrain_accepted.name}"]
    retrain_accepted()
    retrain_accepted()
    assert [one["actor"] for one in asked] == [ada]
    assert (TODAY - asked[0]["as_of"]).days == 1
    proposal.refresh_from_db()
    assert (proposal.state, proposal.outcome) == (State.TRAINED, "v2")


def test_a_person_may_ask_for_a_training_without_an_alarm_but_not_for_two(ada) -> None:
    asked = proposals.request_training(actor=ada, as_of=TODAY)
    assert (asked.state, asked.decided_by) == (State.ACCEPTED, ada)
    with pytest.raises(Conflict):
        proposals.request_training(actor=ada, as_of=TODAY)


def test_nothing_to_learn_from_is_told(proposal, ada, monkeypatch) -> None:
    def refuse(**given: object) -> dict:
        raise Invalid("Nobody has left.", code="no_leavers")

    monkeypatch.setattr(churn, "train", refuse)
    proposals.accept(proposal=proposal, actor=ada)
    assert proposals.retrain_accepted(as_of=TODAY) is None
    proposal.refresh_from_db()
    assert (proposal.state, proposal.outcome) == (State.FAILED, "Nobody has left.")


def test_a_training_under_way_elsewhere_is_waited_for(proposal, ada, monkeypatch) -> None:
    def busy(**given: object) -> dict:
        raise Conflict("Another training is running.", code="training")

    monkeypatch.setattr(churn, "train", busy)
    proposals.accept(proposal=proposal, actor=ada)
    for _again in range(5):
        proposals.retrain_accepted(as_of=TODAY)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.attempts) == (State.ACCEPTED, 0)


def test_a_training_that_dies_again_and_again_is_given_up(proposal, ada, monkeypatch) -> None:
    def die(**given: object) -> dict:
        raise MemoryError

    monkeypatch.setattr(churn, "train", die)
    proposals.accept(proposal=proposal, actor=ada)
    for _again in range(3):
        with pytest.raises(MemoryError):
            proposals.retrain_accepted(as_of=TODAY)
    assert proposals.retrain_accepted(as_of=TODAY) is None
    proposal.refresh_from_db()
    assert proposal.state == State.FAILED and proposal.outcome


def test_an_alarm_is_acknowledged_once_and_stays_open(lin) -> None:
    alarm = make_alarm()
    assert model_alarms().unattended(NOW).count() == 1
    handling.acknowledge(alert=alarm, actor=lin, note="the plan migration", now=NOW)
    assert model_alarms().unattended(NOW).count() == 0 and model_alarms().open().count() == 1
    with pytest.raises(Conflict):
        handling.acknowledge(alert=alarm, actor=lin, note="again", now=NOW)
