"""`{% held_night %}`: says that the last night waits, and lets who may have it run again.

`{% waits_for_facts as held %}`: whether it waits for more than a model, of which a page may tell by itself.
"""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from customers.profile.queries.nights import last_held_night
from customers.profile.text import format_held
from retention.core.ui import formats

register = template.Library()
register.filter("held", format_held)


@register.simple_tag
def waits_for_facts() -> bool:
    night = last_held_night()
    return night is not None and not night.lacks_only_a_model


@register.inclusion_tag("customers/profile/held_night.html", takes_context=True)
def held_night(context: template.Context) -> dict[str, Any]:
    night = last_held_night()
    if night is None:
        return {}
    why = "; ".join(format_held(f"{fact}: {why}") for fact, why in night.job.reasons)
    said = {"day": formats.moment(night.job.business_date), "why": why}
    text = _("The night of %(day)s waits: %(why)s. What depends on it stays as it was.") % said
    if night.scored_on:
        text += " " + _("Scores are those of %(day)s.") % {"day": formats.moment(night.scored_on)}
    return {
        "job": night.job,
        "text": text,
        "may_run": context["request"].user.may("jobs.run"),
        "csrf_token": context.get("csrf_token"),
    }
