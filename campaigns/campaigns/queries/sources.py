"""The audiences that may be chosen from, by source, with their names."""

from typing import Any

from django.utils.translation import gettext as _

from campaigns.audiences.rules.memberships import MEMBERSHIPS, ON_LIST
from campaigns.campaigns.models import Audience, Campaign
from campaigns.segments.models import Segmentation
from customers.cohorts.models import Cohort
from retention.core.accounts.models import User
from retention.core.errors import Invalid


def source_choices(user: User) -> list[tuple[Any, Any]]:
    """(`audience:key`, label), grouped by source; segments are the cells of the matrices in use."""
    cells = []
    for row in Segmentation.objects.in_use():
        try:
            matrix = row.matrix
        except Invalid:  # e.g. an own field was withdrawn
            continue
        cells += [
            (place, f"{row.title}: {matrix.title(place)}") for layer in matrix.layers for place in matrix.codes(layer)
        ]
    cohorts = Cohort.objects.visible_to(user).exclude(frozen_on=None).order_by("-frozen_on", "code")
    groups: dict[Audience, list[Any]] = {
        Audience.SEGMENT: cells,
        Audience.LIST: list(MEMBERSHIPS[ON_LIST].names().items()),
        Audience.COHORT: [(one.code, one.title) for one in cohorts],
    }
    named = {audience: [(f"{audience}:{key}", label) for key, label in rows] for audience, rows in groups.items()}
    return [
        (f"{Audience.RULE}:", Audience.RULE.label),
        (f"{Audience.PAYING}:", Audience.PAYING.label),
        *((audience.label, rows) for audience, rows in named.items() if rows),
    ]


def source_label(campaign: Campaign, user: User) -> str:
    """The source in words: `A list: Red list`."""
    wanted = f"{campaign.audience}:{campaign.audience_key}"
    label = str(campaign.get_audience_display())
    for entry, rows in source_choices(user):
        if isinstance(rows, list):
            for key, name in rows:
                if key == wanted:
                    return _("%(source)s: %(name)s") % {"source": label, "name": name}
        elif entry == wanted:
            return label
    return f"{label}: {campaign.audience_key}" if campaign.audience_key else label
