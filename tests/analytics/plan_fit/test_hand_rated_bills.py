"""The engine against bills rated by hand: a line over its data, one hardly used, an enterprise's."""

from decimal import Decimal

import pytest

from analytics.plan_fit import services
from analytics.plan_fit.queries import compare
from analytics.plan_fit.services import rate_base
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.services import build_profile, build_snapshot
from customers.risk.services import clear_outdated_risk, record_scores
from customers.tariffs.models import PlanFit
from tests.analytics.plan_fit.operator import MONTHS, make_lines, use
from tests.factories import TODAY, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(branches):
    found = make_lines(branches.outlet)
    rate_base(as_of=TODAY)
    return found


def fit_of(line) -> PlanFit:
    return PlanFit.objects.select_related("best_plan").get(subscriber=line)


def test_a_line_over_its_data(lines):
    """On M039 (39 yuan, 200 minutes, 15,000 MB, 50 messages; 0.15, 0.003, 0.1):

    August     50 min x 0.15 = 7.50, 10,000 MB x 0.003 = 30.00            39 + 37.50 = 76.50
    September                        12,000 MB x 0.003 = 36.00            39 + 36.00 = 75.00
    October                          14,000 MB x 0.003 = 42.00, 10 x 0.1  39 + 43.00 = 82.00   mean 77.83

    On M059 (300 minutes, 20,000 MB, 50 messages): 15.00, 21.00, 27.00 + 1.00: 74 + 80 + 87 = 241, mean 80.33.
    On M079 (500, 30,000, 100): nothing on top, 79.00. On M008 far more. So it has the cheapest of what it may have: the
    campus plan at 19, the bundle at 9, the plan of 2021 at 5 and the one without prices at 1 are not open to it.
    """
    fit = fit_of(lines.heavy)
    assert (fit.state, fit.months, fit.last_month) == ("best", 3, MONTHS[-1])
    assert (fit.cost, fit.over_cost, fit.saving) == (Decimal("77.83"), Decimal("38.83"), Decimal("0.00"))
    assert (fit.over_minutes, fit.over_mb) == (pytest.approx(16.67), 12_000)
    # minutes left: 0, 20, 0; MB left: none
    assert (fit.unused_minutes, fit.unused_mb) == (pytest.approx(6.67), 0)
    assert (fit.best_plan, fit.break_even) == (None, None)

    use_more = make_subscriber(branch=lines.heavy.branch, plan=lines.plans["M039"])
    use(use_more, (250, 27_000, 10), (180, 29_000, 0), (200, 31_000, 60))
    rate_base(as_of=TODAY)
    # M039: 39 + 43.50, 39 + 42, 39 + 49: mean 83.83. M079: 79, 79, 79 + 1,000 MB x 0.003 = 82: mean 80. Saving 3.83.
    fit = fit_of(use_more)
    assert (fit.state, fit.best_plan.code, fit.saving) == ("better", "M079", Decimal("3.83"))


def test_a_line_hardly_used(lines):
    """On M079 nothing on top: 79.00. On M008 (30 minutes, 500 MB, no messages; 0.2, 0.005, 0.1):

    August 8.00; September 8 + 10 min x 0.2 + 2 x 0.1 = 10.20; October, without use, 8.00: mean 8.73. Saving 70.27.
    """
    fit = fit_of(lines.light)
    assert (fit.state, fit.best_plan.code) == ("better", "M008")
    assert (fit.cost, fit.over_cost, fit.saving) == (Decimal("79.00"), Decimal("0.00"), Decimal("70.27"))
    # left of 500 minutes: 488, 460, 500; of 30,000 MB: 29,700, 29,900, 30,000
    assert (fit.unused_minutes, fit.unused_mb) == (pytest.approx(482.67), pytest.approx(29_866.67))
    # 0.45 x 79 = 35.55 a month is what the line earns: less than the 70.27 it would save, so it never pays
    assert fit.break_even is None


def test_an_enterprise_line(lines):
    """On E089 (1,000 minutes, 30,000 MB, 200 messages) nothing on top: 89.00. On E049 (500, 15,000, 100):

    August 49.00; September 49 + 20 min x 0.15 + 1,000 MB x 0.003 + 10 x 0.1 = 56.00; October 49.00: mean 51.33.
    M039 would cost 39 + 30.00, 39 + 48 + 3 + 6, 39 + 37.50: mean 67.50; M059 59 + 15, 59 + 33 + 6, 59 + 22.50: 83.17;
    no consumer plan is its own in any case.
    """
    fit = fit_of(lines.firm)
    assert (fit.state, fit.best_plan.code) == ("better", "E049")
    assert (fit.cost, fit.saving) == (Decimal("89.00"), Decimal("37.67"))
    shown = compare(lines.firm, on=TODAY)
    assert [one.terms.code for one in shown.alternatives] == ["E049"]
    assert shown.alternatives[0].totals == pytest.approx([49.0, 56.0, 49.0])


def test_the_page_rates_as_the_night_does(lines):
    for line in (lines.heavy, lines.light, lines.firm):
        kept, shown = fit_of(line), compare(line, on=TODAY)
        assert shown.state == kept.state
        assert shown.present.mean == pytest.approx(float(kept.cost), abs=0.006)
        assert shown.break_even == (kept.break_even and pytest.approx(kept.break_even, abs=1e-4))
    shown = compare(lines.heavy, on=TODAY)
    assert shown.present.totals == pytest.approx([76.5, 75.0, 82.0])
    assert [one.terms.code for one in shown.alternatives] == ["M079", "M059", "M008"]
    assert shown.alternatives[1].totals == pytest.approx([74.0, 80.0, 87.0])
    assert [terms.code for terms in shown.unpriced] == ["HOLE"]


def test_the_same_night_again_changes_nothing(lines):
    before = list(PlanFit.objects.order_by("pk").values())
    assert len(before) == 3
    assert rate_base(as_of=TODAY) == 0
    assert list(PlanFit.objects.order_by("pk").values()) == before


def test_only_what_changed_is_written_and_a_line_that_left_is_forgotten(lines):
    lines.light.plan = lines.plans["M008"]
    lines.light.save()
    lines.firm.status, lines.firm.terminated_on = "terminated", TODAY
    lines.firm.save()
    later = TODAY.replace(day=21)
    assert rate_base(as_of=later) == 2
    assert fit_of(lines.light).state == "best"
    assert fit_of(lines.light).rated_on == later
    assert fit_of(lines.heavy).rated_on == TODAY
    assert not PlanFit.objects.filter(subscriber=lines.firm).exists()


def test_the_profile_keeps_the_fit_and_the_score_says_whether_it_pays(lines):
    PlanFit.objects.filter(subscriber=lines.light).update(break_even=0.4)
    build_profile(as_of=TODAY)
    profile = SubscriberProfile.objects.get(subscriber=lines.light)
    assert (profile.plan_fit, profile.best_plan, profile.plan_fit_saving) == ("better", "M008", Decimal("70.27"))
    assert (profile.plan_fit_months, profile.plan_over_cost) == (3, Decimal("0.00"))
    assert profile.plan_unused_minutes == pytest.approx(482.67, rel=1e-4)
    assert profile.plan_fit_pays is None  # no score yet

    def score(line, probability: float) -> None:
        row = {
            "subscriber_id": line.pk, "probability": probability, "decile": 1, "tier": "high", "cohort": "over_12",
            "expected_gain": None, "reasons": [],
        }  # fmt: skip
        record_scores(as_of=TODAY, frame_or_rows=[row], model_version="m1")
        profile.refresh_from_db()

    score(lines.light, 0.5)
    assert profile.plan_fit_pays is True
    score(lines.light, 0.3)
    assert profile.plan_fit_pays is False
    build_profile(as_of=TODAY, force=True)
    assert SubscriberProfile.objects.get(subscriber=lines.light).plan_fit_pays is False
    SubscriberProfile.objects.update(risk_scored_on=TODAY.replace(day=19))
    clear_outdated_risk(as_of=TODAY, low=0, high=2**31)
    assert SubscriberProfile.objects.get(subscriber=lines.light).plan_fit_pays is None


def test_a_past_snapshot_does_not_know_a_later_fit(lines):
    build_snapshot(as_of=MONTHS[-1].replace(day=31))
    past = ProfileSnapshot.objects.get(subscriber=lines.light)
    assert (past.plan_code, past.best_plan, past.plan_fit_saving) == ("M079", None, None)


def test_a_run_that_broke_off_goes_on_where_it_stopped(branches, monkeypatch):
    found = make_lines(branches.outlet)
    rated: list[int] = []
    real = services.fit

    def failing(lines, plans):
        if len(rated) == 1 and not broken:
            broken.append(True)
            raise RuntimeError("killed")
        rated.extend(lines.plan.tolist())
        return real(lines, plans)

    broken: list[bool] = []
    monkeypatch.setattr(services, "LINES_PER_CHUNK", 1)
    monkeypatch.setattr(services, "fit", failing)
    with pytest.raises(RuntimeError):
        rate_base(as_of=TODAY)
    assert PlanFit.objects.count() == 1
    assert rate_base(as_of=TODAY) == 3
    # each line once: the finished chunk was not done again
    assert sorted(rated) == sorted([found.heavy.plan_id, found.light.plan_id, found.firm.plan_id])
