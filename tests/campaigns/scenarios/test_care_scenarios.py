"""S2, S9 to S12, S15, S19 and S24: a line that each finds, and its siblings just beyond every threshold."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.audiences.queries import preview
from campaigns.audiences.rules import format_rule, parameters
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.queries import dry_run
from campaigns.scenarios.services.installation import install_scenarios
from campaigns.scenarios.services.nightly import run_scenarios
from customers.facts.models import Consent
from retention.core.accounts.roles import Role
from tests.campaigns.rows import make_leaver, make_line
from tests.factories import NOW, TODAY, make_user
from workorders.order_types.defaults import ORDER_TYPES

pytestmark = pytest.mark.django_db
QUIET = {"bill_change": 0.0, "arpu": Decimal("50"), "status": "active", "line_type": "mobile"}
# What finds it, and one fact each that does not.
CARE = {
    "S2": (
        {"days_since_tier_change": 15, "tier_move": "down", "customer_tier": "none"},
        [{"days_since_tier_change": 16}, {"tier_move": None}, {"tier_move": "up"}, {"status": "stopped"}],
    ),
    "S9": (
        {"days_since_roaming_start": 3, "has_roaming_service": False},
        [{"days_since_roaming_start": 4}, {"has_roaming_service": True}, {"line_type": "fixed"}],
    ),
    "S10": ({"points": 800, "points_expiring_60d": 300}, [{"points_expiring_60d": 299}, {"status": "stopped"}]),
    "S11": (
        {"plan_data_mb": 5120, "data_used_share": 0.1, "data_base_share": 0.2, "tenure_days": 120},
        [{"plan_data_mb": 5119}, {"data_used_share": 0.11}, {"data_base_share": 0.21}, {"tenure_days": 119},
         {"data_base_share": None}, {"line_type": "broadband"}],
    ),
    "S11-over": (
        {"data_used_share": 1.2, "data_bill_last": Decimal("15"), "data_bill_share": 0.2},
        [{"data_used_share": 1.19}, {"data_bill_last": Decimal("14.99")}, {"data_bill_share": 0.19}],
    ),
    "S12": (
        {"service_fit": "data", "vas_ordered_90d": 0, "vas_cancelled_90d": 0, "arpu": Decimal("30")},
        [{"service_fit": None}, {"vas_ordered_90d": 1}, {"vas_cancelled_90d": 1}, {"arpu": Decimal("29.99")}],
    ),
    "S15": (
        {"loyalty_score": 70, "tenure_days": 1095, "days_since_contact": 181, "complaints_90d": 0},
        [{"loyalty_score": 69}, {"tenure_days": 1094}, {"days_since_contact": 180}, {"complaints_90d": 1}],
    ),
    "S19": (
        {"tenure_days": 25, "bills_6m": 1},
        [{"tenure_days": 24}, {"tenure_days": 61}, {"bills_6m": 2}, {"status": "stopped"}],
    ),
}  # fmt: skip
OTHER_WAYS = [
    ("S2", {"days_since_tier_change": 0, "tier_move": "up", "customer_tier": "gold"}),
    ("S9", {"days_since_roaming_start": 40, "roaming_days": 5, "days_since_roaming": 2, "has_roaming_service": False}),
    ("S9", {"roaming_days": 15, "days_since_roaming": 0, "has_roaming_service": False}),
    ("S10", {"points": 2000, "points_expiring_60d": 0, "points_redeemed_180d": 0}),
    ("S15", {"loyalty_score": 100, "tenure_days": 4000, "days_since_contact": None}),
    ("S19", {"tenure_days": 60, "bills_6m": 0}),
]
OTHER_WAYS_MISSED = [
    ("S9", {"roaming_days": 4, "days_since_roaming": 2, "has_roaming_service": False}),
    ("S9", {"roaming_days": 16, "days_since_roaming": 2, "has_roaming_service": False}),
    ("S9", {"roaming_days": 5, "days_since_roaming": 3, "has_roaming_service": False}),
    ("S10", {"points": 1999, "points_expiring_60d": 0, "points_redeemed_180d": 0}),
    ("S10", {"points": 2000, "points_expiring_60d": 0, "points_redeemed_180d": 1}),
    ("S2", {"days_since_tier_change": 0, "tier_move": "up", "customer_tier": "silver"}),
]
WIN_BACK_MISSED = [
    {"days_since_left": 29}, {"days_since_left": 91}, {"left_spend": Decimal("49.99")}, {"arrears": Decimal("0.01")},
    {"bills_unpaid": 1}, {"left_reason": "other"},
]  # fmt: skip


@pytest.fixture
def shipped():
    install_scenarios()
    return {scenario.code: scenario for scenario in Scenario.objects.all()}


def found() -> list[str]:
    run_scenarios(as_of=TODAY, now=NOW)
    return list(ScenarioHit.objects.order_by("pk").values_list("scenario__code", flat=True))


def consenting(line) -> None:
    Consent.objects.create(
        subscriber=line.subscriber, purpose="marketing", channel="call", granted=True, at=NOW, source="hall"
    )


@pytest.mark.parametrize(("code", "facts"), [(code, facts) for code, (facts, _missed) in CARE.items()] + OTHER_WAYS)
def test_each_finds_whom_it_is_for(shipped, code, facts):
    consenting(make_line(**QUIET | facts))
    assert found() == [code]


@pytest.mark.parametrize(
    ("code", "other"), [(code, other) for code, (_facts, missed) in CARE.items() for other in missed]
)
def test_nobody_just_beyond_a_threshold_is_found(shipped, code, other):
    consenting(make_line(**QUIET | CARE[code][0] | other))
    assert code not in found()


@pytest.mark.parametrize(("code", "facts"), OTHER_WAYS_MISSED)
def test_nobody_just_beyond_another_way_is_found(shipped, code, facts):
    make_line(**QUIET | facts)
    assert code not in found()


def test_a_night_run_twice_adds_nothing(shipped):
    for facts, _missed in CARE.values():
        consenting(make_line(**QUIET | facts))
    make_leaver()
    first = found()
    assert sorted(first) == sorted([*CARE, "S24"])
    assert found() == first


def test_a_missing_usage_file_holds_exactly_what_stands_on_days_of_use(shipped):
    report = run_scenarios(as_of=TODAY, now=NOW, held={"usage-days": "nothing came"})
    assert set(report.held) == {"S9", "S12", "S17"}


def test_each_opens_a_type_of_order_that_ships_and_can_be_tuned_by_name(shipped):
    types = {one["code"] for one in ORDER_TYPES}
    for code in [*CARE, "S24"]:
        assert shipped[code].order_type in types
        assert [one for one in parameters(shipped[code].rule) if one.name], code
    assert (shipped["S19"].order_type, shipped["S24"].order_type) == ("new_subscriber_visit", "win_back")


@pytest.mark.parametrize(
    ("language", "sentence", "why"),
    [("en", "Left at least 30 days ago", "A month after leaving"), ("zh-hans", "离网不低于30天", "离网一个月后")],
)
def test_each_reads_in_both_languages(shipped, language, sentence, why):
    with translation.override(language):
        assert sentence in format_rule(shipped["S24"].rule)
        assert shipped["S24"].why.startswith(why)
        for code in [*CARE, "S24"]:
            assert format_rule(shipped[code].rule) and shipped[code].talk_hint


def test_who_left_by_choice_is_called_by_reason_and_time_since(shipped):
    near, late = make_leaver(days_since_left=30), make_leaver(days_since_left=90, left_reason="voluntary")
    assert found() == ["S24", "S24"]
    assert set(ScenarioHit.objects.values_list("subscriber", flat=True)) == {near.pk, late.pk}
    assert ScenarioHit.objects.get(subscriber=near.pk).evidence["left_reason"] == "port_out"


@pytest.mark.parametrize("facts", WIN_BACK_MISSED)
def test_nobody_else_who_left_is_called(shipped, facts):
    make_leaver(**facts)
    assert found() == []


def test_preview_and_dry_run_of_a_rule_on_leaving_look_at_lines_that_left(shipped):
    make_line(**QUIET)
    gone = make_leaver()
    user = make_user(role=Role.ADMINISTRATOR)
    seen = preview(rule=shipped["S24"].rule, user=user)
    assert (seen.found, seen.base, [one.pk for one in seen.samples]) == (1, 1, [gone.pk])
    shipped["S24"].holdout_percent = 0
    played = dry_run(scenario=shipped["S24"], user=user, now=NOW)
    assert played is not None
    assert (played.found, played.new, [one.pk for one in played.samples]) == (1, 1, [gone.pk])


def test_a_lost_customer_is_asked_for_once_in_half_a_year(shipped):
    make_leaver()
    assert found() == ["S24"]
    ScenarioHit.objects.update(on=TODAY - timedelta(days=179))
    assert found() == ["S24"]
