"""Forty campaigns over the simulated operator against what its lines would have done: bench/effects.py, as a test."""

from analytics.evaluation.rules.verdicts import Verdict
from bench import effects
from bench.effects import CAMPAIGNS, LINES, MONTHS, REDRAWS, over_the_truth, share


def test_intervals_cover_the_truth_and_nothing_is_called_a_success():
    found = over_the_truth(LINES)
    real, idle = found["real"], found["idle"]
    assert len(real) == len(idle) == MONTHS * len(CAMPAIGNS) * REDRAWS == 1_000
    assert 0.92 <= share(one.covers for one in real) <= 0.98
    assert all(one.truth == 0 for one in idle)
    assert share(one.verdict == Verdict.HELPS for one in idle) <= 0.05
    # Offers to those whose contract ends keep people, by far more than chance: most draws of eight campaigns show it.
    strong = [one for one in real if (one.treatment, one.audience) == ("offer", "contract_end")]
    assert max(one.truth for one in strong) < -0.02
    assert share(one.verdict == Verdict.HELPS for one in strong) > 0.8


def test_the_table_has_a_row_a_campaign(monkeypatch):
    monkeypatch.setattr(effects, "REDRAWS", 1)
    report = effects.run(subscribers=1)
    assert report["campaigns"] == len(report["against_the_truth"]) == 40
    assert {row["what"] for row in report["against_the_truth"]} == {
        "offer/contract_end", "offer/price", "offer/quality", "contact/network", "contact/all",
    }  # fmt: skip
