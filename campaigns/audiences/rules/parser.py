"""From JSON to a checked tree. All errors are found in one pass and located by path and field."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.audiences.rules.conditions import (
    BASELINE_SIGNS,
    BETWEEN_FIELDS,
    OPERATORS,
    Condition,
    DaysAgo,
    Floor,
    Group,
    Operator,
    Single,
    Takes,
    operators_for,
)
from campaigns.audiences.rules.fields import CUSTOM, RuleField, rule_catalogue
from campaigns.audiences.rules.known_values import read_known
from campaigns.audiences.rules.values import check_limits, read_days, read_number, read_value
from retention.core.errors import Invalid

DEPTH_LIMIT = 4
CONDITION_LIMIT = 50
LIST_LIMIT = 200
# Operators whose words must be values that exist; the others look inside a value.
WHOLE_VALUE_OPERATORS = frozenset({"=", "!=", "in", "notIn"})
COMBINATORS = ("and", "or")
GROUP_KEYS = {"combinator", "not", "rules", "id", "path"}
CONDITION_KEYS = {
    "field", "operator", "value", "valueSource", "factor", "least_base", "least_change", "days", "name", "id", "path",
}  # fmt: skip


def parse(rule: object, *, fields: Mapping[str, RuleField] | None = None, typed: bool = False) -> Group:
    """The checked tree of `rule`. `fields` saves the query for the custom fields.

    typed: the rule is being written: a value may be given by its name, becomes its code, and must exist in the base; a
    number must be one that the field can have. A stored rule keeps what it says, also of what has gone since.

    Raises Invalid: its details are {"path": "rules[1].rules[0]", "field", "code", "message"}, one for each mistake.
    """
    group, problems = read(rule, fields=rule_catalogue() if fields is None else fields, typed=typed)
    if problems or group is None:
        first = problems[0]
        where = " ".join(
            filter(None, [first["path"] or _("the rule"), f"({first['field']})" if first["field"] else ""])
        )
        raise Invalid(f"{where}: {first['message']}", code="invalid_rule", details=problems)
    return group


def read(
    rule: object, *, fields: Mapping[str, RuleField], typed: bool = False
) -> tuple[Group | None, list[dict[str, str]]]:
    """What of a rule can be read, and the mistakes as in parse(). None: nothing can."""
    reader = _Parser(fields, typed=typed)
    return reader.group(rule, "", 1), reader.problems


def clean(rule: object) -> dict[str, Any]:
    """The rule as it is stored: known keys only, values in their JSON types, names as their codes. Raises Invalid,
    also for a value that exists nowhere."""
    return as_json(parse(rule, typed=True))


def fields_of(group: Group) -> list[RuleField]:
    """The fields a rule reads, each once, in reading order."""
    used = [field for c in group.conditions() for field in (c.field, c.other) if field]
    return list({field.key: field for field in used}.values())


def as_json(rule: Group | Condition) -> dict[str, Any]:
    if isinstance(rule, Group):
        return {"combinator": rule.combinator, "not": rule.negated, "rules": [as_json(one) for one in rule.rules]}
    data: dict[str, Any] = {"field": rule.field.key, "operator": rule.operator.sign}
    if rule.name:
        data["name"] = rule.name
    if rule.floor:
        floor = {"least_base": rule.floor.base, "least_change": rule.floor.change}
        kept = {key: _plain(value) for key, value in floor.items() if value is not None}
        return data | {"valueSource": "baseline", "value": _plain(rule.factor)} | kept
    if rule.days is not None:
        data["days"] = rule.days
    if rule.other:
        return data | {"valueSource": "field", "value": rule.other.key, "factor": _plain(rule.factor)}
    if rule.operator.takes == Takes.NOTHING:
        return data
    return data | {
        "value": [_plain(one) for one in rule.value] if isinstance(rule.value, tuple) else _plain(rule.value)
    }


def _plain(value: Single | None) -> Any:
    if isinstance(value, DaysAgo):
        return {"days_ago": value.days}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


class _Parser:
    def __init__(self, fields: Mapping[str, RuleField], *, typed: bool) -> None:
        self.fields = fields
        self.typed = typed
        self.problems: list[dict[str, str]] = []
        self.count = 0

    def wrong(self, path: str, message: str, *, field: object = "", code: str = "invalid") -> None:
        self.problems.append({"path": path, "field": str(field)[:80], "code": code, "message": message})

    def group(self, raw: object, path: str, depth: int) -> Group | None:
        problem = self._group_problem(raw, depth)
        if problem:
            self.wrong(path, problem)
            return None
        assert isinstance(raw, dict)
        rules = []
        for place, one in enumerate(raw["rules"]):
            if max(self.count, len(self.problems)) > CONDITION_LIMIT:
                break
            inner = f"{path}.rules[{place}]".lstrip(".")
            is_group = isinstance(one, dict) and "rules" in one
            rules.append(self.group(one, inner, depth + 1) if is_group else self.condition(one, inner))
        known = tuple(one for one in rules if one)
        return Group(raw.get("combinator", "and"), raw.get("not", False), known) if known else None

    def _group_problem(self, raw: object, depth: int) -> str:
        if not isinstance(raw, dict) or not isinstance(raw.get("rules"), list):
            return _("a group must be an object with a list of rules")
        if depth > DEPTH_LIMIT:
            return _("groups may be nested %(limit)s deep") % {"limit": DEPTH_LIMIT}
        if unknown := set(raw) - GROUP_KEYS:
            return _("unknown key “%(key)s”") % {"key": sorted(map(str, unknown))[0][:40]}
        if raw.get("combinator", "and") not in COMBINATORS:
            return _("a group is joined by “and” or “or”")
        if not isinstance(raw.get("not", False), bool):
            return _("“not” must be true or false")
        return "" if raw["rules"] else _("a group needs at least one condition")

    def condition(self, raw: object, path: str) -> Condition | None:
        self.count += 1
        if self.count > CONDITION_LIMIT:
            self.wrong(
                path, _("a rule may hold at most %(limit)s conditions") % {"limit": CONDITION_LIMIT}, code="too_many"
            )
            return None
        if not isinstance(raw, dict):
            self.wrong(path, _("a condition must be an object"))
            return None
        key = raw.get("field")
        field = self.fields.get(key) if isinstance(key, str) else None
        if field is None:
            self.wrong(path, unknown_field(key), field=key, code="unknown_field")
            return None
        try:
            return self._condition(raw, path, field)
        except ValueError as problem:
            self.wrong(path, str(problem), field=field.key)
            return None

    def _condition(self, raw: dict, path: str, field: RuleField) -> Condition:
        if unknown := set(raw) - CONDITION_KEYS:
            raise ValueError(_("unknown key “%(key)s”") % {"key": sorted(map(str, unknown))[0][:40]})
        sign = raw.get("operator")
        operator = OPERATORS.get(sign) if isinstance(sign, str) else None
        if operator is None or operator not in operators_for(field):
            raise ValueError(_("“%(sign)s” cannot be asked of this field") % {"sign": str(sign)[:20]})
        name = raw.get("name", "")
        if not isinstance(name, str) or len(name) > 40:
            raise ValueError(_("a name has at most 40 characters"))
        source = raw.get("valueSource", "value")
        if source == "field":
            return self._with_field(raw, path, field, operator, name)
        if source == "baseline":
            return self._with_baseline(raw, path, field, operator, name)
        if source != "value":
            raise ValueError(_("the value is a “value”, a “field” or the “baseline”"))
        return self._with_value(raw, path, field, operator, name)

    def _with_value(self, raw: dict, path: str, field: RuleField, operator: Operator, name: str) -> Condition:
        value, days = raw.get("value"), raw.get("days")
        if days is not None and not (field.membership and field.membership.on):
            raise ValueError(_("“%(key)s” cannot be asked of this field") % {"key": "days"})
        if self.typed and operator.sign in WHOLE_VALUE_OPERATORS:
            listed = value.split(",") if isinstance(value, str) and operator.takes == Takes.MANY else value
            value = _by_code(field, listed)
        read = _value(field, operator, value)
        if self.typed and operator.takes != Takes.DAYS:
            for one in read if isinstance(read, tuple) else (read,):
                check_limits(field, one)
        return Condition(path, field, operator, read, name=name, days=None if days is None else read_days(days))

    def _with_field(self, raw: dict, path: str, field: RuleField, operator: Operator, name: str) -> Condition:
        other = self.fields.get(raw["value"]) if isinstance(raw.get("value"), str) else None
        if other is None:
            raise ValueError(unknown_field(raw.get("value")))
        if operator.sign not in BETWEEN_FIELDS or not (field.is_number and other.is_number):
            raise ValueError(_("only two numbers can be compared with each other"))
        return Condition(path, field, operator, other=other, factor=read_number(raw.get("factor", 1)), name=name)

    def _with_baseline(self, raw: dict, path: str, field: RuleField, operator: Operator, name: str) -> Condition:
        base = self.fields.get(field.baseline)
        if base is None:
            raise ValueError(_("this field has no baseline"))
        if operator.sign not in BASELINE_SIGNS:
            raise ValueError(_("a baseline is compared by <, <=, > or >="))
        part = read_number(raw.get("value"))
        if part < 0:
            raise ValueError(_("a part of the baseline is not below 0%"))
        floor = Floor(_floor(base, raw.get("least_base")), _floor(base, raw.get("least_change")))
        # A percentage of next to nothing is noise: five calls instead of ten.
        if self.typed and floor == Floor():
            raise ValueError(_("a percentage needs a floor: how large the baseline or the change is at least"))
        return Condition(path, field, operator, other=base, factor=part, floor=floor, name=name)


def unknown_field(key: object) -> str:
    """Why a condition on this field cannot be read."""
    bare = str(key)[:80]
    if bare.startswith(CUSTOM):
        return _("the own field “%(key)s” has been withdrawn") % {"key": bare.removeprefix(CUSTOM)}
    return _("unknown field “%(key)s”") % {"key": bare}


def _floor(base: RuleField, raw: object) -> Single | None:
    if raw is None or raw == "":
        return None
    floor = read_value(base, raw)
    if isinstance(floor, (int, float, Decimal)) and floor < 0:
        raise ValueError(_("a floor is not below 0"))
    return floor


def _by_code(field: RuleField, raw: object) -> object:
    """A value, or the values of a list, with each name as its code."""
    if isinstance(raw, (list, tuple)) and len(raw) <= LIST_LIMIT:
        return [_by_code(field, one) for one in raw]
    return read_known(field, raw) if isinstance(raw, str) and raw.strip() else raw


def _value(field: RuleField, operator: Operator, raw: object) -> Single | tuple[Single, ...] | None:
    if operator.takes == Takes.NOTHING:
        return None
    if operator.takes == Takes.ONE:
        return read_value(field, raw)
    if operator.takes == Takes.DAYS:
        return read_days(raw)
    many = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(many, (list, tuple)) or not many:
        raise ValueError(_("a list of values is needed"))
    if len(many) > LIST_LIMIT:
        raise ValueError(_("a list may hold at most %(limit)s values") % {"limit": LIST_LIMIT})
    values = tuple(read_value(field, one) for one in many)
    if operator.takes == Takes.TWO and len(values) != 2:
        raise ValueError(_("two values are needed"))
    return values


def keys_in(stored: object) -> set[str]:
    """The keys of the fields in stored rules and matrices, whether or not they can still be read."""
    if isinstance(stored, list):
        return set().union(*map(keys_in, stored))
    if not isinstance(stored, dict):
        return set()
    named = {stored["field"]} if isinstance(stored.get("field"), str) else set()
    if stored.get("valueSource") == "field":
        named.add(str(stored.get("value")))
    named.update(one for one in stored.get("facts", []) if isinstance(one, str))
    return named.union(*map(keys_in, stored.values()))
