"""What the kinds and steps of jobs are called on the page. A name that is not listed is shown as it is."""

from django.utils.translation import gettext_lazy as _

from retention.core.jobs.models import Job

KINDS = {
    "nightly": _("Nightly run"),
    "demo": _("Demo operator"),
    "import": _("Import of facts"),
    "export": _("Export of a list"),
    "simulate": _("Simulated facts"),
    "train": _("Model training"),
}
STEPS = {
    "write": _("File written"),
    "arrivals": _("Facts arrived"),
    "roll_up": _("Days rolled up to months"),
    "profile": _("Profile"),
    "snapshot": _("Month-end snapshot"),
    "outcomes": _("Outcomes of past months"),
    "model": _("Model"),
    "score": _("Scores with reasons"),
    "watch": _("Model watch"),
    "groups": _("Groups at risk"),
    "warning_list": _("Monthly warning list"),
    "scenarios": _("Scenarios"),
    "orders": _("Orders opened"),
    "close_out": _("Lapsed orders closed"),
    "kpis": _("Indicators"),
    "operator": _("Operator and facts"),
    "staff": _("Staff"),
    "shipped": _("Shipped scenarios and order types"),
    "history": _("Indicators of the past"),
}
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
