"""The statements that give every line its place, over the live profile or a snapshot; which nights were counted."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Expression, Func, Q, QuerySet, Value, When

from campaigns.audiences.rules import as_q, rule_catalogue
from campaigns.segments.models import Segmentation, SegmentNight
from campaigns.segments.rules import (
    CHOICE,
    MARKS,
    NEED,
    NO_MATRIX,
    NUMBER,
    RULE,
    STABILITY,
    UNKNOWN,
    Band,
    Dimension,
    Matrix,
)
from customers.fields.spend import SPEND_FIELDS
from customers.profile.queries.windows import months_before
from retention.core.accounts.models import Branch
from retention.core.errors import Invalid

PLACE_COLUMNS = ("subscriber_id", "place", "need_place")


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


@dataclass(frozen=True)
class Part:
    """The lines of one matrix, or those of none, with the expressions of their places in both layers."""

    lines: Q
    place: Expression
    need_place: Expression

    def of(self, lines: QuerySet) -> QuerySet:
        """Of `lines`, profiles or snapshots, those of this part as PLACE_COLUMNS."""
        placed = lines.filter(self.lines).annotate(place=self.place, need_place=self.need_place)
        return placed.values(*PLACE_COLUMNS)


def parts_of(segmentations: Sequence[Segmentation]) -> list[Part]:
    """Disjoint parts in which every line is once: one for each matrix and one for lines without.

    A matrix of a branch takes its lines from those above it, in the order of Segmentation.objects.in_use().
    """
    parts: list[Part] = []
    taken: dict[str, list[Branch]] = {}
    rest = Q()
    for one in segmentations:
        mine = Q(line_type=one.line_type) & _within(one.branch)
        for deeper in taken.get(one.line_type, []):
            mine &= ~_within(deeper)
        if one.branch:
            taken.setdefault(one.line_type, []).append(one.branch)
        rest &= ~(Q(line_type=one.line_type) & _within(one.branch))
        parts.append(Part(mine, _place(one.matrix, STABILITY), _place(one.matrix, NEED)))
    return [*parts, Part(rest, Value(NO_MATRIX, CharField()), Value(None, CharField()))]


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


def spend_sql(alias: str) -> str:
    return f"coalesce({', '.join(f'{alias}.{name}' for name in SPEND_FIELDS)}, 0)"


def month_ends(until: date, count: int) -> list[date]:
    """The last days of the last `count` months that were over on `until`, oldest first; `until` itself may be one."""
    after = (until + timedelta(days=1)).replace(day=1)
    return [months_before(after, back) - timedelta(days=1) for back in reversed(range(count))]


def is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def newest_night(*, until: date | None = None) -> SegmentNight | None:
    nights = SegmentNight.objects.filter(as_of__lte=until) if until else SegmentNight.objects.all()
    return nights.order_by("-as_of").first()


def comparable_night(night: SegmentNight) -> SegmentNight | None:
    """The month end before, where the matrices were then what they were on this night."""
    before = night.as_of.replace(day=1) - timedelta(days=1)
    return SegmentNight.objects.filter(as_of=before, definition=night.definition).first()
