"""Places in the whole base from counts of its parts."""

import numpy as np

from analytics.churn.services import score_rows


def test_deciles_from_the_counts_of_chunks_are_those_of_the_base():
    log_odds = np.random.default_rng(2).normal(-4, 1.3, 50_000)
    edges = score_rows.decile_edges([score_rows.log_odds_histogram(part) for part in np.array_split(log_odds, 7)])
    found = score_rows.decile_of(log_odds, edges)
    sizes = np.bincount(found, minlength=11)[1:]
    assert sizes.sum() == 50_000
    assert np.abs(sizes - 5_000).max() < 60
    assert log_odds[found == 1].min() >= log_odds[found == 2].max()


def test_scores_that_are_all_alike_or_beyond_all_bins_have_a_place():
    for value in (-3.0, -99.0, 99.0):
        log_odds = np.full(10, value)
        found = score_rows.decile_of(log_odds, score_rows.decile_edges([score_rows.log_odds_histogram(log_odds)]))
        assert set(found) <= set(range(1, 11))
