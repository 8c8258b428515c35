"""How many of those found a shipped scenario leaves alone unless somebody sets it, and why some leave nobody alone."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.outreach.models import ContactPurpose
from campaigns.scenarios.models import Scenario

# Percent by purpose. Service is none of them: what the customer asked for is never held back.
DEFAULT_PERCENT: Mapping[str, int] = {
    ContactPurpose.RETENTION: 10,
    ContactPurpose.RENEWAL: 10,
    ContactPurpose.MARKETING: 10,
    ContactPurpose.CARE: 5,
}
# {occasion: why nobody is left alone on it}
_OWED_ON: Mapping[str, Promise] = {
    "complaint": _("who complained is always called back"),
}
# {code of a shipped scenario: why it leaves nobody alone}
_OWED_BY: Mapping[str, Promise] = {
    "S21-birthday-gift": _("the gift belongs to the member card"),
}


def default_percent(scenario: Scenario) -> int:
    """Of a scenario as it ships."""
    return 0 if reason_for_none(scenario) else DEFAULT_PERCENT.get(scenario.purpose, 0)


def reason_for_none(scenario: Scenario) -> Promise | None:
    """Why it should leave nobody alone; None where it might."""
    if not scenario.contacts:
        return _("it contacts nobody")
    if scenario.trigger == Scenario.Trigger.EVENT:
        return _("an event is always answered")
    if scenario.purpose == ContactPurpose.SERVICE:
        return _("what the customer asked for is never held back")
    return _OWED_ON.get(scenario.occasion) or (_OWED_BY.get(scenario.code) if scenario.built_in else None)
