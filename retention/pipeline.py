"""Runs the night: the steps (retention.nightly_steps) that are missing of it, in order, each noted when it is done.

The job row of the date holds the finished steps: a run that died goes on after them; a run that finished is not done
again. One night runs at a time. The profile, the scores, the orders and the lists are the state of the newest night: a
night before it rebuilds history only.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial

from customers.facts.services import require_facts
from customers.profile import checks
from customers.profile.queries.nights import newer_night
from retention.core.accounts.models import User
from retention.core.jobs import services as jobs
from retention.core.jobs.models import NIGHTLY, Job, JobStep
from retention.core.jobs.nights import forget_steps, one_night, require_over
from retention.nightly_steps import STEPS, Step, Work, held_of, late_of, unscored

KIND = NIGHTLY


def run_nightly(*, as_of: date, actor: User | None = None) -> Job:
    """Run what is missing of the night of `as_of`; returns its job.

    DONE, or GAPS with what is missing in `counts`: `held` {fact: why}, scores among the facts; `history_only`: the date
    of the newer night whose state stays. Conflict while another night runs. Invalid for a day that is not over, or
    before the first facts.
    """
    require_over(as_of)
    done = Job.objects.nights().filter(business_date=as_of, state=Job.State.DONE).first()
    if done is not None:
        return done
    with one_night():
        require_facts(as_of=as_of)
        job = jobs.get_job(kind=KIND, business_date=as_of, actor=actor)
        if job.state == Job.State.GAPS and (_lacks_only_scores(job) or have_facts_come(job)):
            forget_steps(job)
        elif job.state in jobs.FINISHED_STATES:
            return job
        with jobs.running(job):
            newer = newer_night(as_of)
            for position, step in enumerate(STEPS, start=1):
                JobStep.objects.get_or_create(job=job, name=step.name, defaults={"position": position})
            for step in STEPS:
                jobs.run_step(job, step.name, partial(_work_of(step, newer, late_of(job)), as_of))
            missing, accepted = _missing(job, newer), job.counts.get("accepted")
            job.counts = missing | ({"accepted": accepted} if accepted else {})
            job.state = Job.State.GAPS if missing else Job.State.DONE
    return job


def _work_of(step: Step, newer: date | None, late: Mapping[str, str]) -> Work:
    if newer and not step.history:
        return partial(_leave_out, {"left_out": "history only"})
    if late and step.waits:
        return partial(_leave_out, {"missing": "; ".join(f"{fact}: {why}" for fact, why in late.items())})
    return step.history if newer and step.history else step.work


def _leave_out(counts: dict[str, str], as_of: date, step: JobStep) -> None:
    step.counts = counts


def _missing(job: Job, newer: date | None) -> dict:
    held = held_of(job) | unscored(job)
    return ({"held": held} if held else {}) | ({"history_only": str(newer)} if newer else {})


def _lacks_only_scores(job: Job) -> bool:
    """Whether nobody was scored although the facts were there: for want of a model, or of lines."""
    return "risk" in job.counts.get("held", {}) and not late_of(job)


def have_facts_come(job: Job) -> bool:
    """Whether a feed that held the night has come since: then all of the night is done anew."""
    return checks.have_come(as_of=job.business_date, feeds=job.counts.get("held", {}))
