"""Both arms of a scenario by window."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from analytics.effects.queries import WindowEffect
from analytics.effects.text import TONES, format_interval, format_verdict
from retention.core.ui import components, formats
from retention.core.ui.tables.columns import Column, NumberColumn, PercentColumn
from retention.core.ui.tables.detail import DetailTable


class EffectTable(DetailTable):
    days = Column(verbose_name=_("Left within"), accessor="days")
    treated = NumberColumn(
        verbose_name=_("Treated"),
        accessor="comparison__treated__members",
        help_text=_("Lines found that were not held out, whatever came of it, and known for so long."),
    )
    treated_rate = PercentColumn(
        verbose_name=_("Left, treated"),
        accessor="comparison__treated__rate",
        help_text=_("Of the treated, the share that left by choice in the days after it was found."),
    )
    held_out = NumberColumn(
        verbose_name=_("Held out"),
        accessor="comparison__control__members",
        help_text=_("Lines found that were left alone, drawn at random, and known for so long."),
    )
    held_out_rate = PercentColumn(
        verbose_name=_("Left, held out"),
        accessor="comparison__control__rate",
        help_text=_("Of the lines held out, the share that left by choice in the days after it was found."),
    )
    contacted = NumberColumn(
        verbose_name=_("Held out but contacted"),
        accessor="held_out_contacted",
        help_text=_(
            "Lines held out whose customer was contacted for another reason: they make the effect look smaller."
        ),
    )
    difference = Column(
        verbose_name=_("Difference"),
        accessor="comparison",
        help_text=_(
            "Share of the treated that left less that of the hold-out, with a 95 % interval that holds however often"
            " it is read."
        ),
    )
    verdict = Column(verbose_name=_("Verdict"), accessor="comparison")

    caption = _("Effect against the hold-out")

    def render_days(self, value: int) -> str:
        return _now("%(days)s days") % {"days": value}

    def render_difference(self, record: WindowEffect) -> str:
        return format_interval(record.comparison) or formats.DASH

    def render_verdict(self, record: WindowEffect) -> SafeString | str:
        words, tone = format_verdict(record.comparison), TONES.get(record.comparison.verdict)
        return components.badge(words, tone) if tone else words

    def value_verdict(self, record: WindowEffect) -> Any:
        return format_verdict(record.comparison)
