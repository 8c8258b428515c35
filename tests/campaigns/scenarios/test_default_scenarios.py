from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.audiences.rules import format_rule
from campaigns.care.services import install_care
from campaigns.scenarios.holdouts import reason_for_none
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.services.installation import install_scenarios
from campaigns.scenarios.services.nightly import run_scenarios
from campaigns.scenarios.text import format_settings
from retention.core.accounts.roles import Role
from retention.core.managed.services import update
from tests.campaigns.rows import make_line
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped():
    install_scenarios()
    return {scenario.code: scenario for scenario in Scenario.objects.all()}


VISITS = {
    "W10-value": "mid_high_value_visit", "W10-network": "full_network_visit", "W10-broadband": "broadband_care",
    "W10-landline": "wireless_landline_care",
}  # fmt: skip


def test_the_scenarios_ship_in_both_languages_and_all_but_visits_are_switched_on(shipped):
    nightly = {"S1", "C6-group", "C6-second-sim", "S4", "S5", "S6", "S7", "S8", "S13", "S14", "S17", "S18", "S25"}
    care = {"S2", "S9", "S10", "S11", "S11-over", "S12", "S15", "S19", "S24"}
    assert set(shipped) == nightly | care | {"S3", "S20", "S22", "S23", *VISITS}
    assert shipped["S4"].name_zh == "中高端话费突减预警"
    assert all(one.built_in and one.name_zh and one.hint_zh for one in shipped.values())
    assert {code for code, one in shipped.items() if not one.enabled} == set(VISITS)
    assert all(one.explanation and one.explanation_zh for one in shipped.values())
    assert all(format_rule(one.rule) for one in shipped.values())


def test_installing_again_leaves_a_managers_edits_alone(shipped):
    Scenario.objects.filter(code="S4").update(cooldown_days=1, enabled=False)
    assert install_scenarios() == 0
    kept = Scenario.objects.get(code="S4")
    assert (kept.cooldown_days, kept.enabled) == (1, False)


def test_a_scenario_from_before_there_were_explanations_gets_one_and_a_managers_words_stay(shipped):
    Scenario.objects.filter(code="S4").update(explanation="", explanation_zh="")
    Scenario.objects.filter(code="S8").update(explanation="Ours", explanation_zh="")
    install_scenarios()
    assert Scenario.objects.get(code="S4").explanation_zh.startswith("中高端客户话费突降三成")
    assert Scenario.objects.get(code="S8").explanation_zh == ""


def test_what_a_scenario_waits_for_follows_the_catalogue(shipped):
    Scenario.objects.filter(code="S4").update(needs=["bills"])
    install_scenarios()
    assert Scenario.objects.get(code="S4").needs == ["bills", "payments"]


def test_each_kind_leaves_a_share_alone_and_who_leaves_nobody_alone_says_why(shipped):
    install_care()
    percents = {one.code: one.holdout_percent for one in Scenario.objects.all()}
    for code in ("S1", "S4", "S8", "S13", "S17", "S18", "S12", "S24", "S25"):
        assert percents[code] == 10, code
    for code in ("S2", "S5", "S6", "S7", "S10", "S15", "S19"):
        assert percents[code] == 5, code
    for one in Scenario.objects.all():
        assert bool(one.holdout_percent) != bool(reason_for_none(one)), one.code
    never = {"S3", "S20", "S22", "S23", "S21-after-complaint", "S21-birthday-gift", "S21-data-failure"}
    assert {code: percent for code, percent in percents.items() if code in never} == dict.fromkeys(never, 0)
    settings = dict(format_settings(Scenario.objects.get(code="S23"), today=TODAY))
    assert settings["Hold-out, %"] == "nobody: an event is always answered"
    assert dict(format_settings(Scenario.objects.get(code="S13"), today=TODAY))["Hold-out, %"] == "10"


def test_a_scenario_from_before_gets_its_hold_out_and_what_a_manager_set_stays(shipped):
    Scenario.objects.filter(code__in=["S4", "S8", "S13"]).update(holdout_percent=0)
    ada = make_user(role=Role.ADMINISTRATOR)
    given = {"actor": ada, "model": Scenario, "version": 1}
    update(code="S8", values={"cooldown_days": 91}, **given)  # whoever changed it saw the hold-out of nobody
    update(code="S17", values={"holdout_percent": 0}, **given)
    assert install_scenarios() == 0
    percents = dict(Scenario.objects.values_list("code", "holdout_percent"))
    assert (percents["S4"], percents["S13"], percents["S8"], percents["S17"]) == (10, 10, 0, 0)
    assert Scenario.objects.get(code="S4").version == 1


QUIET = {"bill_change": 0.0, "arpu": Decimal("50"), "status": "active"}
FITS_ILL = {
    "plan_fit": "better", "plan_fit_months": 3, "plan_fit_saving": Decimal("3"), "best_plan": "P1",
    "in_contract": False, "plan_fit_pays": True,
}  # fmt: skip
IN_A_HOUSEHOLD = {
    "bundle_candidate": True, "bundle_lead": True, "bundle_saving": Decimal("5"), "in_contract": False,
    "profiling_opt_out": False,
}  # fmt: skip
FOUND = [
    ("S1", {"in_cohort": True, "risk_tier": "high", "expected_gain": Decimal("-1")}),
    ("S1", {"in_cohort": True, "arpu": Decimal("60"), "bill_change": -0.3}),
    ("S1", {"in_cohort": True, "calls_out_base": 20.0, "calls_out_change": -0.5}),
    ("S1", {"in_cohort": True, "forwarded_rival_recent": 5.0}),
    ("S4", {"arpu": Decimal("80"), "bill_change": -0.3}),
    ("S6", {"pay_mode": "prepaid", "balance": Decimal("9.99")}),
    ("S6", {"pay_mode": "prepaid", "balance": Decimal("50"), "balance_days": 3}),
    ("S7", {"pay_mode": "prepaid", "month_days_left": 5, "month_end_short": Decimal("0.01"), "balance": Decimal("60")}),
    ("S7", {"pay_mode": "postpaid", "month_days_left": 0, "month_end_short": Decimal("30"), "deposit": Decimal("40")}),
    ("S5", {"status": "stopped", "status_reason": "arrears", "credit_score": 50}),
    ("S5", {"status": "stopped", "arrears": Decimal("0.01"), "days_since_stop": 30}),
    ("S5", {"status": "stopped", "bills_unpaid": 1, "credit_level": "unrated"}),
    ("S6", {"pay_mode": "prepaid", "balance": Decimal("9.99"), "credit_score": 84}),
    ("S6", {"pay_mode": "prepaid", "balance": Decimal("2"), "balance_days": 1, "credit_score": 100}),
    ("S7", {"month_days_left": 1, "month_end_short": Decimal("1"), "credit_score": 100}),
    ("S7", {"pay_mode": "prepaid", "month_days_left": 5, "month_end_short": Decimal("1"), "credit_score": 0}),
    ("S14", {"pay_mode": "prepaid", "balance": Decimal("29.99"), "voice_out_change": -0.3}),
    ("S14", {"pay_mode": "postpaid", "deposit": Decimal("29.99"), "voice_out_change": -0.5}),
    ("S8", {"contract_ends_on": TODAY + timedelta(days=60), "contract_days_left": 60}),
    ("S13", {"risk_tier": "critical", "risk_decile": 1, "expected_gain": Decimal("12")}),
    ("S13", {"risk_tier": "medium", "risk_decile": 1}),
    ("S18", FITS_ILL),
    ("S25", IN_A_HOUSEHOLD),
    ("S17", {"zero_call_days": 5, "calls_out_base": 40.0}),
    ("C6-second-sim", {"arpu": Decimal("80"), "in_share_change": 0.12, "calls_out_change": -0.3}),
    ("C6-group", {"arpu": Decimal("80"), "group_size": 6, "group_left_90d": 0.25}),
    ("C6-group", {"arpu": Decimal("80"), "group_size": 6, "group_left_90d": 0.1, "group_forward_share": 0.15}),
]
VISITED = [
    ("W10-value", {"line_type": "mobile", "arpu": Decimal("80"), "days_since_contact": 90}),
    ("W10-value", {"line_type": "mobile", "arpu": Decimal("80"), "days_since_contact": None}),
    ("W10-network", {"line_type": "mobile", "arpu": Decimal("79.99"), "days_since_contact": None}),
    ("W10-broadband", {"line_type": "broadband", "contract_days_left": 90}),
    ("W10-broadband", {"line_type": "broadband", "faults_90d": 2}),
    ("W10-broadband", {"line_type": "broadband", "active_days": 5}),
    ("W10-landline", {"line_type": "wireless_landline", "zero_call_days": 10}),
    ("W10-landline", {"line_type": "wireless_landline", "dropped_rate": 0.05}),
    ("W10-landline", {"line_type": "wireless_landline", "contract_days_left": 60}),
]
NOT_VISITED = [
    ("W10-value", {"line_type": "mobile", "arpu": Decimal("80"), "days_since_contact": 89}),
    ("W10-value", {"line_type": "mobile", "arpu": Decimal("80"), "tenure_months": 2.9}),
    ("W10-value", {"line_type": "broadband", "arpu": Decimal("80")}),
    ("W10-network", {"line_type": "mobile", "arpu": Decimal("70"), "status": "stopped"}),
    ("W10-broadband", {"line_type": "broadband", "contract_days_left": 91, "faults_90d": 1, "active_days": 6}),
    ("W10-landline", {"line_type": "fixed", "zero_call_days": 30}),
]
MISSED = [
    {"status": "stopped", "status_reason": "arrears", "credit_score": 50, "on_red_list": True},
    {"month_days_left": 1, "month_end_short": Decimal("1"), "credit_score": 100, "on_red_list": True},
    {"pay_mode": "prepaid", "balance": Decimal("9.99"), "on_red_list": True},
    {"in_cohort": True},
    {"in_cohort": True, "risk_tier": "medium", "arpu": Decimal("59.99"), "bill_change": -0.9},
    {"in_cohort": True, "calls_out_base": 19.9, "calls_out_change": -0.9, "forwarded_rival_recent": 4.0},
    {"in_cohort": True, "risk_tier": "critical", "status": "stopped"},
    {"in_cohort": False, "forwarded_rival_recent": 9.0},
    {"in_cohort": None, "forwarded_rival_recent": 9.0},
    {"arpu": Decimal("79.99"), "bill_change": -0.3},
    {"arpu": Decimal("80"), "bill_change": -0.29},
    {"arpu": Decimal("80"), "bill_change": None},
    {"arpu": Decimal("80"), "bill_change": -0.9, "status": "stopped"},
    {"pay_mode": "postpaid", "balance": Decimal("1")},
    {"pay_mode": "prepaid", "balance": None},
    {"month_days_left": 6, "month_end_short": Decimal("30")},
    {"month_days_left": 5, "month_end_short": Decimal("0")},
    {"status": "stopped", "status_reason": "arrears", "credit_score": 49},
    {"status": "stopped", "status_reason": "arrears", "days_since_stop": 31},
    {"status": "stopped", "status_reason": "lost", "arrears": Decimal("0"), "bills_unpaid": 0},
    {"status": "active", "arrears": Decimal("50"), "bills_unpaid": 1},
    {"pay_mode": "prepaid", "balance": Decimal("9"), "balance_days": 2, "credit_score": 85},
    {"month_days_left": 2, "month_end_short": Decimal("30"), "credit_score": 85},
    {"pay_mode": "prepaid", "balance": Decimal("30"), "voice_out_change": -0.5},
    {"pay_mode": "prepaid", "balance": Decimal("20"), "voice_out_change": -0.2},
    {"pay_mode": "postpaid", "balance": Decimal("20"), "deposit": Decimal("0"), "voice_out_change": -0.5},
    {"contract_days_left": -1},
    {"contract_days_left": 61},
    {"risk_tier": "high", "risk_decile": 2, "expected_gain": Decimal("-3")},
    {"risk_tier": "medium", "risk_decile": 2, "expected_gain": Decimal("30")},
    IN_A_HOUSEHOLD | {"bundle_lead": False},
    IN_A_HOUSEHOLD | {"bundle_saving": Decimal("4.99")},
    IN_A_HOUSEHOLD | {"in_contract": True},
    IN_A_HOUSEHOLD | {"profiling_opt_out": True},
    IN_A_HOUSEHOLD | {"status": "stopped"},
    IN_A_HOUSEHOLD | {"bundle_candidate": False},
    FITS_ILL | {"plan_fit_saving": Decimal("2.99")},
    FITS_ILL | {"plan_fit_months": 2},
    FITS_ILL | {"in_contract": True},
    FITS_ILL | {"plan_fit_pays": False},
    FITS_ILL | {"plan_fit_pays": None},
    FITS_ILL | {"status": "stopped"},
    {"zero_call_days": 4, "calls_out_base": 40.0},
    {"zero_call_days": 30, "calls_out_base": 3.0},
    {"zero_call_days": 30, "calls_out_base": 40.0, "line_type": "broadband"},
    {"arpu": Decimal("80"), "in_share_change": 0.11, "calls_out_change": -0.4},
    {"arpu": Decimal("79"), "in_share_change": 0.2, "calls_out_change": -0.5},
    {"arpu": Decimal("80"), "group_size": 6, "group_left_90d": 0.2, "group_forward_share": 0.1},
    {"arpu": Decimal("80"), "group_size": 6, "group_left_90d": 0.05, "group_forward_share": 0.5},
    {"arpu": Decimal("80"), "group_size": 2, "group_left_90d": 0.5},
]


@pytest.mark.parametrize(("code", "facts"), FOUND)
def test_each_scenario_finds_whom_it_is_for(shipped, code, facts):
    make_line(**QUIET | facts)
    run_scenarios(as_of=TODAY, now=NOW)
    assert list(ScenarioHit.objects.values_list("scenario__code", flat=True)) == [code]


@pytest.mark.parametrize("facts", MISSED)
def test_nobody_else_is_found(shipped, facts):
    make_line(**QUIET | facts)
    run_scenarios(as_of=TODAY, now=NOW)
    assert not ScenarioHit.objects.exists()


def test_plan_fit_waits_for_the_score_and_reads_as_a_sentence_in_both_languages(shipped):
    scenario = shipped["S18"]
    assert scenario.needs == ["risk"]
    assert scenario.name_zh == "套餐适配"
    with translation.override("en"):
        assert "would save at least 3 yuan a month on the best plan" in format_rule(scenario.rule)
        assert scenario.talk_hint.startswith("Name what was used")
    with translation.override("zh-hans"):
        assert "换最适配套餐每月可省" in format_rule(scenario.rule)
        assert scenario.talk_hint.startswith("先说明近三个月")


def visited(code, shipped, facts):
    """The lines that the scope finds, once a manager has switched it on."""
    Scenario.objects.exclude(code=code).update(enabled=False)
    Scenario.objects.filter(code=code).update(enabled=True, holdout_percent=0)
    make_line(**QUIET | {"tenure_months": 12.0} | facts)
    run_scenarios(as_of=TODAY, now=NOW)
    return ScenarioHit.objects.filter(scenario=shipped[code]).count()


@pytest.mark.parametrize(("code", "facts"), VISITED)
def test_each_visit_scope_finds_whom_its_order_type_is_for(code, facts, shipped):
    assert shipped[code].order_type == VISITS[code]
    assert visited(code, shipped, facts) == 1


@pytest.mark.parametrize(("code", "facts"), NOT_VISITED)
def test_who_was_spoken_to_lately_or_has_another_line_is_not_visited(code, facts, shipped):
    assert visited(code, shipped, facts) == 0


def test_what_a_visit_scope_opens_ships():
    from workorders.order_types.defaults import ORDER_TYPES

    assert set(VISITS.values()) <= {one["code"] for one in ORDER_TYPES}
