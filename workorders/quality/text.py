"""Words of quality review."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from retention.core.masking import mask_phones
from retention.core.ui.components import TimelineItem
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.text import between
from workorders.quality.criteria import Criterion, Kind, read
from workorders.quality.models import Review

STATE_TONES = {
    Review.State.WAITING: ("warning", "clock"),
    Review.State.FINISHED: ("good", "check"),
    Review.State.WITHDRAWN: ("neutral", "ban"),
}


def masked_name(name: str) -> str:
    """The first sign only: a call is judged without knowing whose it was."""
    return f"{name[:1]}**" if name else ""


def masked_item(item: TimelineItem) -> TimelineItem:
    return replace(item, text=mask_phones(str(item.text)), title=mask_phones(str(item.title)))


def format_score(criterion: Criterion, score: int | None) -> str:
    if score is None:
        return _("does not apply")
    if criterion.kind == Kind.YES_NO:
        return _("yes") if score else _("no")
    if criterion.kind == Kind.FATAL:
        return _("passed") if score else _("failed")
    return _("%(score)d of %(most)d") % {"score": score, "most": criterion.most}


def format_criteria(stored: Sequence[Mapping[str, Any]]) -> str:
    return between([_format_criterion(one) for one in read(stored)])


def _format_criterion(one: Criterion) -> str:
    if one.kind == Kind.FATAL:
        return _("%(name)s (fatal)") % {"name": one.title}
    return _("%(name)s (weight %(weight)d)") % {"name": one.title, "weight": one.weight}


def sheet_words() -> dict[str, Callable[[Any], object]]:
    return {"criteria": format_criteria}


def rule_words() -> dict[str, Callable[[Any], object]]:
    types = {one.code: one.title for one in OrderType.objects.current()}
    endings = {one.code: one.title for one in Disposition.objects.all()}
    return {
        "types": lambda codes: between([types.get(code, code) for code in codes]),
        "dispositions": lambda codes: between([endings.get(code, code) for code in codes]),
    }
