"""Values of the contact policy in words, from JSON as the audit trail keeps it."""

from collections.abc import Iterable, Mapping
from datetime import time

from django.utils.formats import time_format
from django.utils.translation import gettext, pgettext

from campaigns.outreach.models import HOURS_OF, WEEKDAYS, ContactPolicy, ContactPurpose


def format_hour(value: str) -> str:
    return time_format(time.fromisoformat(value))


def format_purposes(codes: Iterable[str]) -> str:
    labels = dict(ContactPurpose.choices)
    return _listed(labels.get(code, code) for code in codes)


def format_weekdays(days: Iterable[str]) -> str:
    labels = dict(WEEKDAYS)
    return _listed(labels[day] for day in sorted(days))


def format_caps(caps: Mapping[str, int]) -> str:
    """{purpose: contacts} as "Marketing 2, Care 3"."""
    return _listed(f"{label} {caps[purpose]}" for purpose, label in ContactPurpose.choices if purpose in caps)


def format_hours(policy: ContactPolicy, channel: str) -> str:
    """When contacts over the channel are made: hours, and the days without any."""
    prefix = HOURS_OF[channel]
    hours = policy.hours(channel)
    words = {"first": time_format(hours.first), "last": time_format(hours.until)}
    said = {
        "calls": gettext("calls are made from %(first)s to %(last)s"),
        "sms": gettext("SMS are sent from %(first)s to %(last)s"),
        "email": gettext("e-mail is sent from %(first)s to %(last)s"),
        "app": gettext("app messages are sent from %(first)s to %(last)s"),
    }[prefix] % words
    if not hours.quiet_days:
        return said
    days = format_weekdays(map(str, hours.quiet_days))
    return gettext("%(hours)s, not on %(days)s") % {"hours": said, "days": days}


def _listed(words: Iterable[object]) -> str:
    return pgettext("between the values of a list", ", ").join(map(str, words))
