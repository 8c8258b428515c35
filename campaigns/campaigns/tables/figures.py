"""Tables inside the pages of campaigns: the funnel before and after the launch, branches, waves, the hold-out."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.ui.tables.columns import Column, DayColumn, NumberColumn, PercentColumn
from retention.core.ui.tables.detail import DetailTable


class StepTable(DetailTable):
    """Rows of text.funnel_steps."""

    label = Column(verbose_name=_("Step"))
    number = NumberColumn(verbose_name=_("Left out"))
    remain = NumberColumn(verbose_name=_("Remain"))

    caption = _("From found to contacted")
    css = "rp-mini"

    def render_label(self, value: str, record: dict[str, Any]) -> SafeString | str:
        return format_html('<span class="rp-small rp-muted">{}</span>', value) if record["is_part"] else value


class StageTable(DetailTable):
    """Rows {"label", "members", "share": of the stage above}."""

    label = Column(verbose_name=_("Step"))
    members = NumberColumn(verbose_name=_("Members"))
    share = PercentColumn(verbose_name=_("Of the step above"))

    caption = _("From target to kept")
    css = "rp-mini"


class AreaTable(DetailTable):
    """Rows {"branch", "target", "control", "waiting", "allowed", "refused", "contacted", "reached", "accepted",
    "kept", "href"}."""

    branch = Column(verbose_name=_("Branch"))
    target = NumberColumn(verbose_name=_("Target"))
    control = NumberColumn(verbose_name=_("Control group"))
    waiting = NumberColumn(verbose_name=pgettext_lazy("campaign members", "Waiting"))
    refused = NumberColumn(verbose_name=_("Refused by the contact rules"))
    allowed = NumberColumn(verbose_name=_("Orders opened"))
    contacted = NumberColumn(verbose_name=_("Contacted"))
    reached = NumberColumn(verbose_name=_("Reached"))
    accepted = NumberColumn(verbose_name=_("Retained or offer accepted"))
    kept = NumberColumn(verbose_name=_("Still in service"))

    caption = _("By branch")
    css = "rp-mini"

    def row_url(self, record: dict[str, Any]) -> str | None:
        return record["href"]


class WaveTable(DetailTable):
    """Rows of queries.monitoring waves."""

    wave = NumberColumn(verbose_name=_("Wave"))
    on = DayColumn(verbose_name=_("Wave opened"))
    waiting = NumberColumn(verbose_name=pgettext_lazy("campaign members", "Waiting"))
    due = NumberColumn(verbose_name=pgettext_lazy("campaign member", "Wave open"))
    opened = NumberColumn(verbose_name=_("Orders opened"))
    refused = NumberColumn(verbose_name=_("Refused by the contact rules"))
    resting = NumberColumn(verbose_name=pgettext_lazy("campaign member", "Rests for another contact"))
    withdrawn = NumberColumn(verbose_name=pgettext_lazy("campaign member", "Taken back"))
    control = NumberColumn(verbose_name=_("Control group"))

    caption = _("Waves")
    css = "rp-mini"


class HoldoutTable(DetailTable):
    """The settings of the universal hold-out, newest first."""

    starts_on = DayColumn(verbose_name=pgettext_lazy("hold-out", "From"))
    share = PercentColumn(verbose_name=_("Share of all customers"))
    salt = Column(verbose_name=_("Seed of the draw"))
    set_by = Column(verbose_name=_("Set by"), accessor="set_by__display_name")
    note = Column(verbose_name=_("Note"))

    caption = _("History")
    css = "rp-mini"
