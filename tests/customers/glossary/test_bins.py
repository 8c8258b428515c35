import pytest

from customers.glossary.rules import scale_of


@pytest.mark.parametrize(
    ("low", "high", "whole", "first", "step", "bins"),
    [
        (0, 400, False, 0, 20, 21),
        (3, 390, False, 0, 20, 20),
        (0, 5, True, 0, 1, 6),
        (0.02, 0.98, False, 0, 0.05, 20),
        (-0.5, 0.5, False, -0.5, 0.05, 21),
        (7, 7, True, 7, 1, 1),
        (0, 0, False, 0, 1, 1),
        (12, 3650, True, 0, 200, 19),
    ],
)
def test_bins_have_round_borders_and_cover_the_range(low, high, whole, first, step, bins):
    scale = scale_of(low, high, whole=whole)
    assert (scale.low, scale.step, scale.bins) == (pytest.approx(first), pytest.approx(step), bins)
    assert scale.edge(0) <= low
    assert high <= scale.edge(scale.bins) + 1e-9
