"""Labels of the kinds and steps of jobs. A name that no app declares is shown as it is."""

from django.utils.functional import Promise

from retention.core.jobs.models import Job
from retention.core.registry import Registry

KINDS: Registry[str, Promise] = Registry("job kind")
STEPS: Registry[str, Promise] = Registry("job step")
# (tone, icon) of the badge.
STATE_TONES = {
    Job.State.QUEUED: ("neutral", "hourglass"),
    Job.State.RUNNING: ("info", "loader"),
    Job.State.DONE: ("good", "check"),
    Job.State.GAPS: ("warning", "alert-triangle"),
    Job.State.HELD: ("warning", "hand-stop"),
    Job.State.FAILED: ("bad", "alert-circle"),
    Job.State.CANCELLED: ("neutral", "ban"),
}


def format_kind(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def format_step(name: str) -> str:
    return str(STEPS.get(name, name))
