"""The usual times in words."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core.ui import formats
from workorders.appointments.rules import Preset, Usual

# A moment as a `datetime-local` field holds it.
LOCAL_TIME = "%Y-%m-%dT%H:%M"
NAMES = {
    Preset.HOUR: gettext_lazy("In 1 hour"),
    Preset.AFTERNOON: gettext_lazy("This afternoon"),
    Preset.MORNING: gettext_lazy("Next morning"),
    Preset.SAME_TIME: gettext_lazy("Tomorrow, same time"),
    Preset.DAYS: gettext_lazy("In 3 days"),
}


def format_usual(times: Iterable[Usual]) -> list[tuple[str, str]]:
    """(label, value of the field); the label of a time that was moved says so."""
    return [(_label(one), local_value(one.at)) for one in times]


def _label(one: Usual) -> str:
    name = str(NAMES[one.preset])
    if not one.is_moved:
        return name
    return _("%(label)s: calls only from %(when)s") % {"label": name, "when": formats.moment(one.at)}


def local_value(at: datetime) -> str:
    return timezone.localtime(at).strftime(LOCAL_TIME)
