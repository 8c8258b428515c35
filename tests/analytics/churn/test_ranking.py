"""Places in the whole base from counts of its parts."""

import numpy as np

from analytics.churn.scoring import ranking


def test_deciles_from_the_counts_of_chunks_are_those_of_the_base():
    log_odds = np.random.default_rng(2).normal(-4, 1.3, 50_000)
    edges = ranking.decile_edges([ranking.histogram(part) for part in np.array_split(log_odds, 7)])
    found = ranking.decile_of(log_odds, edges)
    sizes = np.bincount(found, minlength=11)[1:]
    assert sizes.sum() == 50_000
    assert np.abs(sizes - 5_000).max() < 60
    assert log_odds[found == 1].min() >= log_odds[found == 2].max()


def test_scores_that_are_all_alike_or_beyond_all_bins_have_a_place():
    for value in (-3.0, -99.0, 99.0):
        log_odds = np.full(10, value)
        found = ranking.decile_of(log_odds, ranking.decile_edges([ranking.histogram(log_odds)]))
        assert set(found) <= set(range(1, 11))
