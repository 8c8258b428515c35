"""The audiences that may be chosen from, by source, with their names."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.audiences.rules.memberships import MEMBERSHIPS, ON_LIST
from campaigns.campaigns.models import Audience, Campaign
from campaigns.segments.models import Segmentation, SegmentCount
from customers.cohorts.models import Cohort
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.ui import formats


def source_choices(user: User, *, keep: str = "") -> list[tuple[Any, Any]]:
    """(`audience:key`, label), grouped by source. Segments are the cells of the matrices in use that held lines of the
    person's branch on the newest night, with how many; before the first night all cells. keep: a cell listed in any
    case, the one chosen already.
    """
    cells = []
    sizes = SegmentCount.objects.visible_to(user).newest_sizes()
    for row in Segmentation.objects.in_use():
        try:
            matrix = row.matrix
        except Invalid:  # e.g. an own field was withdrawn
            continue
        places = dict.fromkeys(place for layer in matrix.layers for place in matrix.codes(layer))
        cells += [
            (place, _cell_label(f"{row.title}: {matrix.title(place)}", sizes.get(place)))
            for place in places if not sizes or sizes.get(place) or place == keep
        ]  # fmt: skip
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


def _cell_label(name: str, lines: int | None) -> str:
    if not lines:
        return name
    return pgettext("segment, lines in it", "%(name)s (%(lines)s)") % {"name": name, "lines": formats.number(lines)}


def source_label(campaign: Campaign, user: User) -> str:
    """The source in words: `A list: Red list`."""
    wanted = f"{campaign.audience}:{campaign.audience_key}"
    label = str(campaign.get_audience_display())
    for entry, rows in source_choices(user, keep=campaign.audience_key):
        if isinstance(rows, list):
            for key, name in rows:
                if key == wanted:
                    return _("%(source)s: %(name)s") % {"source": label, "name": name}
        elif entry == wanted:
            return label
    return f"{label}: {campaign.audience_key}" if campaign.audience_key else label
