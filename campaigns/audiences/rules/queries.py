"""From a checked tree to one WHERE over the profile: bare columns on the left, so that PostgreSQL can plan it.

SQL yields unknown where a value is missing, and unknown stays unknown under NOT. A rule is true or false, so
`not` is pushed down to the conditions, and a negated condition also matches lines whose value is missing.
"""

from datetime import date
from typing import cast

from django.db import models
from django.db.models import Expression, ExpressionWrapper, F, FloatField, Q, Value
from django.db.models.functions import Abs, Cast, Coalesce, NullIf
from django.db.models.lookups import (
    Contains,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Lookup,
    StartsWith,
)

from campaigns.audiences.rules.columns import NumericField, operand
from campaigns.audiences.rules.conditions import Condition, DaysAgo, Floor, Group, Single
from campaigns.audiences.rules.fields import RuleField, Type
from campaigns.audiences.rules.memberships import Membership
from campaigns.audiences.rules.parser import fields_of, parse
from customers.fields.base import RealField
from customers.profile.models import LeaverProfile, ProfileQuerySet, SubscriberProfile

LOOKUPS: dict[str, type[Lookup]] = {
    "=": Exact,
    "<": LessThan,
    "<=": LessThanOrEqual,
    ">": GreaterThan,
    ">=": GreaterThanOrEqual,
    "contains": Contains,
    "beginsWith": StartsWith,
}


def as_q(rule: object | Group) -> Q:
    """One condition over SubscriberProfile or LeaverProfile, whose columns are the same. Relative days count from"
    " the profile's own `as_of`. Raises Invalid."""
    return _group(rule if isinstance(rule, Group) else parse(rule), negated=False)


def profiles_of(tree: Group) -> type[SubscriberProfile]:
    """The table a rule is about: lines that left where it asks when or why they did, else lines in use."""
    about_leavers = any(field.is_of_leaving for field in fields_of(tree))
    return cast(type[SubscriberProfile], LeaverProfile) if about_leavers else SubscriberProfile


def audience(rule: object | Group) -> ProfileQuerySet:
    """The matching lines. Raises Invalid. Without a visibility filter: see campaigns.audiences.queries."""
    tree = rule if isinstance(rule, Group) else parse(rule)
    return profiles_of(tree).objects.filter(as_q(tree))


def _group(group: Group, *, negated: bool) -> Q:
    negated = negated != group.negated
    joined_by_and = (group.combinator == "and") != negated
    whole = Q()
    for rule in group.rules:
        part = _group(rule, negated=negated) if isinstance(rule, Group) else _condition(rule, negated=negated)
        whole = whole & part if joined_by_and else whole | part
    return whole


def _condition(condition: Condition, *, negated: bool) -> Q:
    membership, sign = condition.field.membership, condition.operator.sign
    if membership:
        return _member(condition, membership, negated=negated)
    left = operand(condition.field)
    if sign in {"null", "notNull"}:
        return Q(IsNull(_known(condition.field), (sign == "null") != negated))
    found = _comparison(condition, left)
    if not negated:
        return found
    if condition.floor:
        assert condition.other is not None
        return ~found | Q(IsNull(operand(condition.other), True))
    missing = Q(IsNull(_known(condition.field), True))
    if condition.other:
        missing |= Q(IsNull(_known(condition.other), True))
    return ~found | missing


def _member(condition: Condition, membership: Membership, *, negated: bool) -> Q:
    """Rows that are there or not: nothing is ever missing."""
    if condition.field.type == Type.FLAG:
        wanted = bool(condition.single) != negated
        return Q(membership.exists()) if wanted else ~Q(membership.exists())
    among = membership.exists([str(one) for one in condition.many], condition.days)
    return Q(among) if (condition.operator.sign == "in") != negated else ~Q(among)


def _against_baseline(condition: Condition, floor: Floor) -> Q:
    """Nothing recorded counts as none, as in the change fields of the catalogue; nothing is a part of no baseline."""
    assert condition.other is not None
    base = operand(condition.other)
    left = Coalesce(operand(condition.field), Value(0), output_field=base_field(condition.other))
    found = Q(LOOKUPS[condition.operator.sign](left, _right(condition))) & Q(GreaterThan(base, Value(0)))
    if floor.base is not None:
        found &= Q(GreaterThanOrEqual(base, constant(condition.other, floor.base)))
    if floor.change is not None:
        change = Abs(ExpressionWrapper(left - base, output_field=base_field(condition.other)))
        found &= Q(GreaterThanOrEqual(change, constant(condition.other, floor.change)))
    return found


def base_field(field: RuleField) -> models.Field:
    return RealField() if field.type in {Type.REAL, Type.SHARE} else NumericField()


def _comparison(condition: Condition, left: Expression | F) -> Q:
    field, sign = condition.field, condition.operator.sign
    if condition.floor:
        return _against_baseline(condition, condition.floor)
    if sign in {"lastDays", "nextDays"}:
        days = condition.within_days
        first, last = (days, 0) if sign == "lastDays" else (0, -days)
        return _between(field, left, DaysAgo(first), DaysAgo(last))
    if sign == "!=":
        return ~Q(Exact(_known(field), _right(condition)))
    if sign == "in":
        return Q(In(left, list(condition.many)))
    if sign == "notIn":
        return ~Q(In(_known(field), list(condition.many)))
    if sign == "between":
        return _between(field, left, *condition.many)
    if sign in {"contains", "beginsWith"}:
        return Q(LOOKUPS[sign](left, condition.single))
    return Q(LOOKUPS[sign](left, _right(condition)))


def _between(field: RuleField, left: Expression | F, low: Single, high: Single) -> Q:
    return Q(GreaterThanOrEqual(left, constant(field, low))) & Q(LessThanOrEqual(left, constant(field, high)))


def _known(field: RuleField) -> Expression | F:
    """The operand where a blank is told from a value: facts keep an unknown word, such as gender, as empty text."""
    left = operand(field)
    return NullIf(left, Value(""), output_field=models.TextField()) if field.type in {Type.CHOICE, Type.TEXT} else left


def _right(condition: Condition) -> Expression | F:
    if condition.other is None:
        return constant(condition.field, condition.single)
    other = operand(condition.other)
    if condition.factor == 1:
        return other
    exact = {Type.REAL, Type.SHARE}.isdisjoint({condition.field.type, condition.other.type})
    as_type = NumericField() if exact else FloatField()
    return ExpressionWrapper(other * Value(condition.factor), output_field=as_type)


def constant(field: RuleField, value: Single) -> Expression:
    if isinstance(value, DaysAgo):
        return ExpressionWrapper(F("as_of") - Value(value.days), output_field=models.DateField())
    if isinstance(value, date):
        return Value(value, output_field=models.DateField())
    if isinstance(value, float):
        # The column has four bytes: compared with eight, 0.3 would not equal 0.3.
        return Cast(Value(value, output_field=FloatField()), RealField())
    return Value(value)
