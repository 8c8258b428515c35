"""The statement that gives every line its place, over the live profile or a snapshot; which nights were counted."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Expression, Func, Q, QuerySet, Value, When

from campaigns.audiences.rules import as_q, rule_catalogue
from campaigns.segments.models import Segmentation, SegmentMonth, SegmentNight, fits
from campaigns.segments.rules import (
    CHOICE,
    MARKS,
    NEED,
    NO_MATRIX,
    NUMBER,
    OUTSIDE,
    RULE,
    STABILITY,
    UNKNOWN,
    Band,
    Dimension,
    Matrix,
)
from customers.facts.models import Subscriber
from customers.profile.queries.snapshots import month_ends
from retention.core.accounts.models import Branch, User
from retention.core.errors import Invalid


def definition_of(segmentations: Iterable[Segmentation]) -> str:
    """A digest of all that decides where lines stand; names, notes and actions do not."""
    parts = [
        [one.code, one.line_type, one.branch and one.branch.code, _unnamed(one.dimensions), _unnamed(one.exclusions)]
        for one in segmentations
    ]
    return hashlib.sha1(json.dumps(parts, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def _unnamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_unnamed(one) for one in value]
    if isinstance(value, dict):
        return {key: _unnamed(one) for key, one in value.items() if key not in {"name", "name_zh"}}
    return value


def readable(segmentations: Iterable[Segmentation]) -> tuple[list[Segmentation], dict[str, str]]:
    """Those whose matrix can be read, and {code: why} of the others, e.g. since an own field was withdrawn."""
    fields, broken, good = rule_catalogue(), {}, []
    for one in segmentations:
        try:
            one.__dict__["matrix"] = one.read(fields)
        except Invalid as problem:
            broken[one.code] = str(problem.message)
        else:
            good.append(one)
    return good, broken


def placed(lines: QuerySet, segmentations: Sequence[Segmentation]) -> QuerySet:
    """`lines`, profiles or snapshots, with `place` and `need_place`: every line has one place in each layer.

    The first matrix that takes the line places it, in the order of Segmentation.objects.in_use(): that of a branch goes
    before those above it.
    """
    mine = [Q(line_type=one.line_type) & _within(one.branch) for one in segmentations]
    return lines.annotate(
        place=_first(mine, [_place(one.matrix, STABILITY) for one in segmentations], Value(NO_MATRIX, CharField())),
        need_place=_first(mine, [_place(one.matrix, NEED) for one in segmentations], Value(None, CharField())),
    )


def _first(conditions: Sequence[Q], results: Sequence[Expression], default: Expression) -> Expression:
    whens = [When(condition, then=result) for condition, result in zip(conditions, results, strict=True)]
    return Case(*whens, default=default, output_field=CharField()) if whens else default


def _within(branch: Branch | None) -> Q:
    # By code, which profile and snapshot both hold.
    return Q(branch_code__in=Branch.objects.under(branch).values("code")) if branch else Q()


def _place(matrix: Matrix, layer: str) -> Expression:
    """The first exclusion that holds, else the cell; null for a layer that the matrix does not have."""
    if not matrix.layer(layer):
        return Value(None, CharField())
    left_out = [
        When(as_q(one.rule), then=Value(matrix.exclusion_code(one.code))) for one in matrix.exclusions if one.applies
    ]
    return Case(*left_out, default=_cell(matrix, layer), output_field=CharField())


def _cell(matrix: Matrix, layer: str) -> Expression:
    """SQL of `mobile.high.fall.bound`."""
    bands = [_band_case(one) for one in matrix.layer(layer)]
    joined = Func(Value("."), *bands, function="concat_ws", output_field=CharField())
    return Func(Value(matrix.code + MARKS[layer]), joined, function="concat", output_field=CharField())


def _band_case(one: Dimension) -> Case:
    """The first condition that holds; every line has one, since the last band takes what is left."""
    whens = [When(as_q(_condition(one, band)), then=Value(band.code)) for band in one.bands if not _is_rest(one, band)]
    rest = next(band.code for band in one.bands if _is_rest(one, band))
    if one.may_be_unknown:
        # A rule may hold although some of the facts are missing; a number or code that is missing is in no band.
        whens.insert(len(whens) if one.kind == RULE else 0, When(_not_known(one), then=Value(UNKNOWN)))
    return Case(*whens, default=Value(rest), output_field=CharField())


def _is_rest(one: Dimension, band: Band) -> bool:
    """The band without a condition: the highest of numbers, all other values, the rule that is none."""
    if one.kind == NUMBER:
        return band is one.bands[-1]
    return (band.values if one.kind == CHOICE else band.rule) is None


def _condition(one: Dimension, band: Band) -> Any:
    """A band as a rule. Bands come in rising order, so that the upper border is enough."""
    if one.kind == NUMBER:
        return _rule({"field": one.field, "operator": "<", "value": band.end})
    return (
        _rule({"field": one.field, "operator": "in", "value": list(band.values or ())})
        if one.kind == CHOICE
        else band.rule
    )


def _not_known(one: Dimension) -> Q:
    facts = [one.field] if one.kind != RULE else one.facts
    return as_q(_rule(*({"field": key, "operator": "null"} for key in facts)))


def _rule(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(conditions)}


def recent_month_ends(until: date, count: int) -> list[date]:
    """The last days of the last `count` months that were over on `until`, oldest first; `until` itself may be one."""
    return month_ends(until)[-count:]


def newest_night(*, until: date | None = None) -> SegmentNight | None:
    nights = SegmentNight.objects.filter(as_of__lte=until) if until else SegmentNight.objects.all()
    return nights.order_by("-as_of").first()


def comparable_night(night: SegmentNight) -> SegmentNight | None:
    """The month end before, where the matrices were then what they were on this night."""
    before = night.as_of.replace(day=1) - timedelta(days=1)
    return SegmentNight.objects.filter(as_of=before, definition=night.definition).first()


def stands(matrix: Matrix, place: str, *, prefix: str = "") -> Q:
    """Condition on `segment` or `segment_need` for a cell, an exclusion, or a pattern of either with ANY for a band."""
    found = matrix.split(place)
    column = f"{prefix}segment_need" if found and found[0] == NEED else f"{prefix}segment"
    return fits(column, place)


def lines_in(*, user: User, matrix: Matrix, place: str, month: date | None = None) -> QuerySet[Subscriber]:
    """The lines of a place that this person may see: as they stand now, or stood at a month end."""
    lines = Subscriber.objects.visible_to(user)
    if month is None:
        return lines.filter(stands(matrix, place, prefix="line_segment__"))
    return lines.filter(pk__in=_stood(matrix, place, month))


def lines_moved(*, user: User, matrix: Matrix, before: str, after: str, month: date) -> QuerySet[Subscriber]:
    """The lines that went from one place to another in the month to `month`; OUTSIDE: joined since, or gone since."""
    earlier = recent_month_ends(month, 2)[0]
    lines = Subscriber.objects.visible_to(user)
    for place, end in ((before, earlier), (after, month)):
        if place != OUTSIDE:
            lines = lines.filter(pk__in=_stood(matrix, place, end))
        else:
            there = SegmentMonth.objects.filter(month=end, segment__startswith=matrix.code + MARKS[STABILITY])
            lines = lines.exclude(pk__in=there.values("subscriber_id"))
    return lines


def _stood(matrix: Matrix, place: str, month: date) -> QuerySet:
    return SegmentMonth.objects.filter(stands(matrix, place), month=month).values("subscriber_id")


def stood_under(branch: Branch, *, month: date | None) -> Q:
    """Condition on lines that were counted for a branch or one below it: now, or at a month end."""
    branches = Branch.objects.under(branch).values("pk")
    if month is None:
        return Q(line_segment__branch__in=branches)
    there = SegmentMonth.objects.filter(month=month, branch__in=branches)
    # Who is gone at the month end was counted where it stood a month before.
    earlier = SegmentMonth.objects.filter(month=recent_month_ends(month, 2)[0], branch__in=branches)
    gone = earlier.exclude(subscriber__in=SegmentMonth.objects.filter(month=month).values("subscriber_id"))
    return Q(pk__in=there.values("subscriber_id")) | Q(pk__in=gone.values("subscriber_id"))
