"""Proposals to retrain: serious alarms make one, a person decides, a worker trains."""

from datetime import date

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from analytics.churn.models import ModelVersion
from analytics.churn.services import versions as churn
from analytics.monitoring.models import AlarmKind, ProposalReason, RetrainProposal, WatchThreshold
from analytics.monitoring.queries import model_alarms
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.alerts.models import Alert
from retention.core.audit import services as audit
from retention.core.errors import Conflict, DomainError, Invalid
from retention.core.jobs.services import wake_worker

State = RetrainProposal.State
TASK = "analytics.monitoring.tasks.retrain_accepted"
TRAINING_ATTEMPTS = 3
log = structlog.get_logger("retention.watch")


@transaction.atomic
def propose(*, as_of: date, version: str) -> bool:
    """Put serious open alarms that no proposal names yet into one. Whether a new proposal was made.

    One that waits for its decision takes them in; while training runs none is made. Declining settles the alarms named.
    """
    serious = WatchThreshold.objects.filter(serious=True).values_list("kind", flat=True)
    kinds = [AlarmKind(kind) for kind in serious]
    alarms = list(model_alarms(*kinds).open().filter(proposal_reason=None)) if kinds else []
    if not alarms:
        return False
    standing = RetrainProposal.objects.select_for_update().under_way().first()
    if standing is not None:
        if standing.state == State.OPEN:
            _name(standing, alarms)
        return False
    proposal = RetrainProposal.objects.create(as_of=as_of, version=version)
    _name(proposal, alarms)
    audit.record(actor=None, action="watch.change", target=f"proposal:{proposal.pk}", state=proposal.state)
    return True


def _name(proposal: RetrainProposal, alarms: list[Alert]) -> None:
    ProposalReason.objects.bulk_create(ProposalReason(alert=alarm, proposal=proposal) for alarm in alarms)


@transaction.atomic
def accept(*, proposal: RetrainProposal, actor: User) -> RetrainProposal:
    """Have a challenger trained by a worker. Conflict when the proposal is decided already."""
    proposal = _decide(proposal, State.ACCEPTED, actor, "")
    wake_worker(TASK)
    return proposal


@transaction.atomic
def request_training(*, actor: User, as_of: date) -> RetrainProposal:
    """Have a challenger trained by a worker though no alarm asks for it. Conflict when a proposal is under way."""
    if RetrainProposal.objects.under_way().exists():
        raise Conflict(_("A proposal to retrain is under way already."), code="under_way")
    champion = ModelVersion.objects.for_registry().champion()
    proposal = RetrainProposal.objects.create(
        as_of=as_of,
        version=champion.version if champion else "",
        state=State.ACCEPTED,
        decided_by=actor,
        decided_at=clock.now(),
    )
    audit.record(actor=actor, action="watch.change", target=f"proposal:{proposal.pk}", state=proposal.state)
    wake_worker(TASK)
    return proposal


@transaction.atomic
def decline(*, proposal: RetrainProposal, actor: User, reason: str) -> RetrainProposal:
    """Leave the model as it is, for a reason. Conflict when the proposal is decided already."""
    if not reason.strip():
        raise Invalid(_("Say why it is declined."), code="no_reason", details=[{"field": "reason"}])
    return _decide(proposal, State.DECLINED, actor, reason.strip())


def _decide(proposal: RetrainProposal, state: str, actor: User, reason: str) -> RetrainProposal:
    proposal = RetrainProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state != State.OPEN:
        raise Conflict(_("Somebody has decided on this proposal already."), code="decided")
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor, clock.now()
    proposal.reason = reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    audit.record(actor=actor, action="watch.change", target=f"proposal:{proposal.pk}", state=state, reason=reason)
    return proposal


def retrain_accepted(*, as_of: date) -> str | None:
    """Train what was accepted, on what is known by `as_of`; returns the new version.

    Any number of workers may call it at any time: training itself takes a lock, and a training that died is tried
    again ATTEMPTS times in all.
    """
    proposal = RetrainProposal.objects.filter(state=State.ACCEPTED).first()
    if proposal is None:
        return None
    mine = RetrainProposal.objects.filter(pk=proposal.pk, state=State.ACCEPTED)
    if proposal.attempts >= TRAINING_ATTEMPTS:
        _finish(proposal, State.FAILED, "The training was broken off again and again; see the log of the workers.")
        return None
    mine.update(attempts=F("attempts") + 1)
    try:
        version = str(churn.train(as_of=as_of, actor=proposal.decided_by)["version"])
    except Conflict:
        mine.update(attempts=F("attempts") - 1)
        log.info("training already running", proposal=proposal.pk)
        return None
    except DomainError as error:
        _finish(proposal, State.FAILED, str(error.message))
        return None
    _finish(proposal, State.TRAINED, version)
    return version


@transaction.atomic
def _finish(proposal: RetrainProposal, state: str, outcome: str) -> None:
    RetrainProposal.objects.filter(pk=proposal.pk).update(state=state, outcome=outcome[:300])
    audit.record(actor=None, action="watch.change", target=f"proposal:{proposal.pk}", state=state, outcome=outcome)
