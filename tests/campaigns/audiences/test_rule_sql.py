"""A rule finds in PostgreSQL exactly what it says: checked against an oracle in Python over the same few lines."""

import struct
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.audiences.rules import DaysAgo, Group, audience, parse, rule_catalogue
from campaigns.audiences.rules.conditions import Condition
from customers.facts.models import CustomField
from customers.profile.models import SubscriberProfile
from tests.campaigns.rows import ask, make_hit, make_scenario, rule
from tests.factories import TODAY, make_contact, make_custom_field, make_list_entry, make_profile, make_subscriber

pytestmark = pytest.mark.django_db

LINES = [
    {"arpu": Decimal("80.00"), "bill_base": Decimal("100.00"), "bill_last": Decimal("70.00"), "bill_change": -0.3},
    {"arpu": Decimal("79.99"), "bill_base": Decimal("100.00"), "bill_last": Decimal("69.99"), "bill_change": 0.3},
    {"arpu": None, "bill_base": None, "bill_last": Decimal("10.00"), "bill_change": None, "silent": True},
    {"risk_decile": 1, "silent": False, "plan_code": "5G_99", "contract_ends_on": TODAY},
    {"risk_decile": 2, "silent": True, "plan_code": "5G%99", "contract_ends_on": TODAY + timedelta(days=60)},
    {"risk_decile": None, "silent": None, "plan_code": "4G-59", "contract_ends_on": TODAY - timedelta(days=1)},
    {"arpu": Decimal("0.00"), "bill_change": 0.1, "plan_code": None, "line_type": "broadband"},
    {"attributes": {"score": "7.5", "joined": "2020-02-29", "vip": "yes", "word": "Gold"}, "arpu": Decimal("80.00")},
    {"attributes": {"score": "NaN", "joined": "soon", "vip": "maybe", "word": ""}},
    {"attributes": {"score": "lots", "joined": "", "vip": "", "word": "golden"}},
    {"attributes": {"score": "-1", "vip": "0"}, "line_type": None},
    {"calls_out_recent": 7.0, "calls_out_base": 10.0, "bill_last": Decimal("35.00"), "bill_base": Decimal("50.00")},
    {"calls_out_recent": None, "calls_out_base": 20.5, "bill_last": None, "bill_base": Decimal("49.99")},
    {"calls_out_recent": 0.3, "calls_out_base": 0.1, "bill_last": Decimal("0.00"), "bill_base": Decimal("0.00")},
    {"calls_out_recent": 30.0, "calls_out_base": None, "bill_last": Decimal("-5.00"), "bill_base": Decimal("100.00")},
    {"gender": "female"},
    {"gender": ""},
]


@pytest.fixture
def lines():
    for key, kind in (("score", "number"), ("joined", "date"), ("vip", "flag"), ("word", "text")):
        make_custom_field(key=key, kind=CustomField.Kind(kind))
    plan = make_subscriber().plan
    for values in LINES:
        make_profile(subscriber=make_subscriber(plan=plan), **values)
    lines = list(SubscriberProfile.objects.order_by("pk"))
    make_members(lines)
    return lines


def make_members(lines: list[SubscriberProfile]) -> None:
    """Rows of other tables around some of the lines, with `members` on each as an oracle knows them."""
    scenarios = {code: make_scenario(code=code) for code in ("F1", "F2")}
    for line in lines:
        line.members = {"on_list": [], "found_by": [], "open_order": False}
    for place, (kind, starts, ends) in enumerate([
        ("blacklist", 5, None), ("blacklist", -1, None), ("red_list", 9, 1), ("red_list", 9, 0), ("blacklist", 0, -3),
    ]):  # fmt: skip
        from_day, until = TODAY - timedelta(days=starts), None if ends is None else TODAY - timedelta(days=ends)
        make_list_entry(customer=lines[place].customer, kind=kind, starts_on=from_day, ends_on=until)
        if from_day <= TODAY and (until is None or until >= TODAY):
            lines[place].members["on_list"].append(kind)
    for place, code, ago in ((0, "F1", 0), (0, "F2", 3), (2, "F2", 29), (5, "F1", 30), (6, "F1", -1)):
        make_hit(scenario=scenarios[code], line=lines[place], on=TODAY - timedelta(days=ago))
        lines[place].members["found_by"].append((code, ago))
    for place, state in ((1, "reserved"), (3, "used"), (8, "reserved"), (9, "released")):
        make_contact(subscriber=lines[place].subscriber, state=state)
        lines[place].members["open_order"] = state == "reserved"


def found(raw: dict) -> set[int]:
    return set(audience(raw).values_list("pk", flat=True))


NUMBERS = {
    "arpu": st.sampled_from([0, 79.99, 80, "80.00", 100]),
    "bill_last": st.sampled_from([10, 69.99, 70]),
    "bill_change": st.sampled_from([-0.3, 0.1, 0.3, 0]),
    "risk_decile": st.sampled_from([1, 2, 3]),
    "attributes.score": st.sampled_from([-1, 5, 7.5]),
}
DATES = st.one_of(
    st.sampled_from([TODAY.isoformat(), "2020-02-29"]),
    st.sampled_from([0, 1, -60]).map(lambda days: {"days_ago": days}),
)
TEXTS = {
    "plan_code": ["5G", "5G_99", "5G%99", "5G_", "g"],
    "attributes.word": ["Gold", "gold"],
    "line_type": ["mobile", "broadband"],
    "gender": ["female", "male"],
}
ORDERED = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def single(field: str, values: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(ask, st.just(field), ORDERED, values)


def between(field: str, values: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(ask, st.just(field), st.just("between"), st.tuples(values, values).map(list))


CONDITIONS = st.one_of(
    *[single(field, values) for field, values in NUMBERS.items()],
    *[between(field, values) for field, values in NUMBERS.items()],
    *[single(field, DATES) for field in ("contract_ends_on", "attributes.joined")],
    between("contract_ends_on", DATES),
    *[
        st.builds(ask, st.just(field), st.sampled_from(["=", "!="]), st.booleans())
        for field in ("silent", "attributes.vip")
    ],
    *[st.builds(ask, st.just(field), st.sampled_from(["=", "!="]), st.sampled_from(v)) for field, v in TEXTS.items()],
    *[
        st.builds(ask, st.just(field), st.sampled_from(["in", "notIn"]), st.lists(st.sampled_from(v), min_size=1))
        for field, v in TEXTS.items()
    ],
    *[
        st.builds(ask, st.just(field), st.sampled_from(["contains", "beginsWith"]), st.sampled_from(TEXTS[field]))
        for field in ("plan_code", "attributes.word")
    ],
    st.builds(ask, st.just("risk_decile"), st.sampled_from(["in", "notIn"]), st.lists(st.integers(1, 3), min_size=1)),
    st.builds(
        ask, st.sampled_from([*NUMBERS, *TEXTS, "silent", "contract_ends_on"]), st.sampled_from(["null", "notNull"])
    ),
    st.builds(
        lambda field, sign, days: ask(field, sign, days),
        st.sampled_from(["contract_ends_on", "attributes.joined"]),
        st.sampled_from(["lastDays", "nextDays"]),
        st.sampled_from([1, 59, 60, 5000]),
    ),
    st.builds(
        lambda field, sign, part, floor: ask(field, sign, part, valueSource="baseline", **floor),
        st.sampled_from(["bill_last", "calls_out_recent"]),
        st.sampled_from(["<", "<=", ">", ">="]),
        st.sampled_from([0, 0.7, 1, 1.5, 3]),
        st.fixed_dictionaries(
            {},
            optional={
                "least_base": st.sampled_from([0, 10, 20.5, 50]),
                "least_change": st.sampled_from([0, 3, 15, 50]),
            },
        ),
    ),
    st.builds(
        lambda sign, kinds: ask("on_list", sign, kinds),
        st.sampled_from(["in", "notIn"]),
        st.lists(st.sampled_from(["blacklist", "red_list"]), min_size=1),
    ),
    st.builds(lambda yes: ask("open_order", "=", yes), st.booleans()),
    st.builds(
        lambda sign, codes, more: ask("found_by", sign, codes, **more),
        st.sampled_from(["in", "notIn"]),
        st.lists(st.sampled_from(["F1", "F2"]), min_size=1),
        st.fixed_dictionaries({}, optional={"days": st.sampled_from([1, 30])}),
    ),
    st.builds(
        lambda sign, factor: ask("bill_last", sign, "bill_base", valueSource="field", factor=factor),
        ORDERED,
        st.sampled_from([1, 0.7, 2]),
    ),
)
JOINED = {"combinator": st.sampled_from(["and", "or"]), "negated": st.booleans()}
GROUPS = st.recursive(
    st.lists(CONDITIONS, min_size=1, max_size=3).flatmap(lambda rules: st.builds(rule, *map(st.just, rules), **JOINED)),
    lambda inner: st.tuples(inner, CONDITIONS).flatmap(lambda two: st.builds(rule, *map(st.just, two), **JOINED)),
    max_leaves=3,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=GROUPS)
def test_sql_finds_what_an_oracle_in_python_finds(lines, raw):
    tree = parse(raw)
    assert found(raw) == {line.pk for line in lines if holds(tree, line)}


def holds(node: Group | Condition, line: SubscriberProfile) -> bool:
    """The two-valued meaning of a rule, said again without SQL."""
    if isinstance(node, Group):
        answers = [holds(one, line) for one in node.rules]
        return (all(answers) if node.combinator == "and" else any(answers)) != node.negated
    if node.field.membership:
        return holds_membership(node, line.members[node.field.key])
    if node.floor:
        return holds_against_baseline(node, line)
    left, sign = value_of(line, node.field), node.operator.sign
    if sign in {"null", "notNull"}:
        return (left is None) == (sign == "null")
    right = value_of(line, node.other) if node.other else constant(node, line)
    if left is None or right is None:
        return False
    if node.other:
        right = right * node.factor
    return TESTS[sign](left, right)


def holds_membership(node: Condition, held: object) -> bool:
    if isinstance(held, bool):
        return held == node.single
    if node.field.key == "found_by":
        held = [code for code, ago in held if ago >= 0 and (node.days is None or ago < node.days)]
    return bool(set(held) & set(node.many)) == (node.operator.sign == "in")


def holds_against_baseline(node: Condition, line: SubscriberProfile) -> bool:
    """Nothing recorded is none; of no baseline there is no part."""
    base, now = value_of(line, node.other), value_of(line, node.field)
    if base is None or base <= 0:
        return False
    now = now or type(base)(0)
    number = type(base)
    wanted = base if node.factor == 1 else base * number(node.factor)
    return (
        TESTS[node.operator.sign](now, wanted)
        and (node.floor.base is None or base >= rounded(node.floor.base))
        and (node.floor.change is None or abs(rounded(now - base)) >= rounded(node.floor.change))
    )


def rounded(value):
    return four_bytes(value) if isinstance(value, float) else value


TESTS = {
    "lastDays": lambda a, b: b[0] <= a <= b[1],
    "nextDays": lambda a, b: b[0] <= a <= b[1],
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "between": lambda a, b: b[0] <= a <= b[1],
    "in": lambda a, b: a in b,
    "notIn": lambda a, b: a not in b,
    "contains": lambda a, b: b in a,
    "beginsWith": lambda a, b: a.startswith(b),
}


def value_of(line: SubscriberProfile, field):
    if not field.custom_key:
        value = getattr(line, field.key)
        return four_bytes(value) if isinstance(value, float) else None if value == "" else value
    text = line.attributes.get(field.custom_key)
    return READERS[field.type](text) if text is not None else None


READERS = {
    "decimal": lambda text: Decimal(text) if text.lstrip("-").replace(".", "").isdigit() else None,
    "date": lambda text: date.fromisoformat(text) if text.startswith("20") else None,
    "flag": {"yes": True, "0": False}.get,
    "text": lambda text: text or None,
}


def constant(node: Condition, line: SubscriberProfile):
    def one(value):
        if isinstance(value, DaysAgo):
            return line.as_of - timedelta(days=value.days)
        return four_bytes(value) if isinstance(value, float) else value

    if node.operator.sign in {"lastDays", "nextDays"}:
        days = timedelta(days=node.single)
        return (line.as_of - days, line.as_of) if node.operator.sign == "lastDays" else (line.as_of, line.as_of + days)
    return tuple(map(one, node.value)) if isinstance(node.value, tuple) else one(node.value)


def four_bytes(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


def test_a_comparison_with_a_missing_value_is_false(lines):
    missing = {line.pk for line in lines if line.bill_change is None}
    for sign in ("=", "!=", "<", ">="):
        assert not found(rule(ask("bill_change", sign, 0))) & missing
    assert not found(rule(ask("plan_code", "notIn", ["5G_99"]))) & {x.pk for x in lines if x.plan_code is None}


def test_a_word_that_facts_keep_as_empty_text_is_missing(lines):
    known, blank = (next(x.pk for x in lines if x.gender == word) for word in ("female", ""))
    assert found(rule(ask("gender", "!=", "male"))) == {known}
    assert found(rule(ask("gender", "notIn", ["male"]))) == {known}
    assert found(rule(ask("gender", "notNull"))) == {known}
    assert blank in found(rule(ask("gender", "null")))
    assert blank in found(rule(ask("gender", "=", "female"), negated=True))


def test_not_is_the_plain_complement_and_finds_missing_values(lines):
    condition = ask("bill_change", "<=", 0)
    assert found(rule(condition, negated=True)) == {line.pk for line in lines} - found(rule(condition))
    assert {line.pk for line in lines if line.bill_change is None} <= found(rule(condition, negated=True))


def test_a_share_equals_itself_although_four_bytes_hold_it(lines):
    assert found(rule(ask("bill_change", "=", 0.3))) == {line.pk for line in lines if line.arpu == Decimal("79.99")}
    assert found(rule(ask("bill_change", "<=", -0.3))) == found(rule(ask("bill_change", "=", -0.3)))


def test_percent_and_underscore_are_letters_like_any_other(lines):
    assert len(found(rule(ask("plan_code", "contains", "%")))) == 1
    assert len(found(rule(ask("plan_code", "beginsWith", "5G_")))) == 1


def test_an_own_field_that_cannot_be_read_is_missing(lines):
    assert len(found(rule(ask("attributes.score", ">", 5)))) == 1
    assert len(found(rule(ask("attributes.joined", "notNull")))) == 1
    assert len(found(rule(ask("attributes.vip", "=", False)))) == 1


def test_relative_days_count_from_the_day_of_the_profile(lines):
    late = make_profile(subscriber=make_subscriber(), as_of=TODAY - timedelta(days=9), contract_ends_on=TODAY)
    in_nine_days = found(rule(ask("contract_ends_on", "=", {"days_ago": -9})))
    assert in_nine_days == {late.pk}


def test_a_value_is_never_part_of_the_statement(lines):
    assert found(rule(ask("plan_code", "=", "x'; DROP TABLE customers_subscriberprofile; --"))) == set()
    with CaptureQueriesContext(connection) as queries:
        audience(rule(ask("plan_code", "=", "it's"))).count()
    assert "it''s" in queries[-1]["sql"]


def test_the_left_side_of_a_comparison_is_a_bare_column():
    sql = str(audience(rule(ask("bill_change", "<=", -0.3), ask("arpu", ">", 80), ask("silent", "=", True))).query)
    where = sql.partition(" WHERE ")[2].replace('"customers_subscriberprofile".', "")
    assert where == '("bill_change" <= (-0.3)::real AND "arpu" > 80 AND "silent" = True)'


def test_the_catalogue_offers_own_fields_beside_those_of_the_profile(lines):
    catalogue = rule_catalogue()
    assert catalogue["attributes.score"].is_number
    assert "risk_scored_on" not in catalogue
