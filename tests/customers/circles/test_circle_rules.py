"""The arithmetic of circles on graphs small enough to draw."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import average, fcluster
from scipy.spatial.distance import squareform

from customers.circles.rules.circles import HOUSEHOLD, NONE, SMALL_GROUP, Lines, find_circles
from customers.circles.rules.limits import Limits
from customers.circles.rules.linkage import link
from customers.circles.rules.matching import NEW, match
from customers.circles.rules.parties import find_parties
from customers.circles.rules.ties import Pairs, strong_pairs

LIMITS = Limits()


def pairs_of(*ties: tuple[int, int, float]) -> Pairs:
    one, other, strength = zip(*ties, strict=True) if ties else ((), (), ())
    return Pairs(np.array(one, int), np.array(other, int), np.array(strength, float))


def strong(*calls: tuple[int, int, int], silent: tuple[int, ...] = (), lines: int = 10) -> list[tuple]:
    line, other, times = (np.array(column) for column in zip(*calls, strict=True))
    has_ties = ~np.isin(np.arange(lines), silent)
    found = strong_pairs(line, other, times, has_ties=has_ties, limits=LIMITS)
    return list(zip(found.one.tolist(), found.other.tolist(), found.strength.tolist(), strict=True))


def test_a_pair_is_as_strong_as_its_weaker_side_says_and_no_stronger_than_most():
    assert strong((0, 1, 20), (1, 0, 12), (2, 3, 900), (3, 2, 700)) == [(0, 1, 12.0), (2, 3, 30.0)]


def test_one_sided_ties_count_half_only_where_the_other_side_sent_none():
    assert strong((0, 1, 20)) == []
    assert strong((0, 1, 20), silent=(1,)) == [(0, 1, 10.0)]


def test_a_line_that_many_name_joins_none_of_them_whomever_it_names():
    callers = [(line, 9, 30) for line in range(8)]
    assert len(strong(*callers, silent=(9,))) == 8
    one_more = [*callers, (8, 9, 30)]
    assert strong(*one_more, silent=(9,)) == []
    assert strong(*one_more, (9, 0, 30), (9, 1, 30)) == []


def test_a_line_with_itself_and_a_row_twice_make_no_pair():
    assert strong((0, 0, 30), (1, 2, 20), (1, 2, 20)) == []


def test_parties_share_a_code_unless_too_many_do():
    nobody = (np.array([], int), np.array([], int))
    shared = [np.array([1, 1, -1, -1, 2]), np.array([-1, 7, 7, -1, -1])]
    assert find_parties(shared, nobody, most=20).tolist() == [0, 0, 0, 1, 2]
    assert len(set(find_parties([np.array([1, 1, 1])], nobody, most=2))) == 3


def test_a_chain_is_cut_where_a_clique_is_not():
    ones = np.ones(4, int)
    chain = pairs_of((0, 1, 20), (1, 2, 20), (2, 3, 20))
    assert link(chain, nodes=4, lines=ones, least=10, most=8).tolist() == [0, 0, 2, 2]
    clique = pairs_of(*((one, other, 12) for one in range(4) for other in range(one + 1, 4)))
    assert link(clique, nodes=4, lines=ones, least=10, most=8).tolist() == [0, 0, 0, 0]
    assert link(clique, nodes=4, lines=ones, least=10, most=3).tolist() == [0, 0, 0, 3]


@pytest.mark.parametrize("seed", range(20))
def test_linkage_agrees_with_scipys_average_linkage(seed):
    rng = np.random.default_rng(seed)
    nodes = 40
    strength = np.triu(rng.uniform(0, 30, (nodes, nodes)) * (rng.random((nodes, nodes)) < 0.25), 1)
    one, other = np.nonzero(strength)
    ours = link(Pairs(one, other, strength[one, other]), nodes=nodes, lines=np.ones(nodes, int), least=8, most=nodes)
    distance = 30 - (strength + strength.T)
    np.fill_diagonal(distance, 0)
    theirs = fcluster(average(squareform(distance)), 22, "distance")
    assert len(set(zip(ours, theirs, strict=True))) == len(set(ours)) == len(set(theirs))


def test_the_order_of_the_ties_changes_nothing():
    rng = np.random.default_rng(3)
    one, other = rng.integers(0, 200, 900), rng.integers(0, 200, 900)
    keep = np.unique(np.sort(np.stack([one, other]), axis=0)[:, one != other], axis=1)
    strength = rng.integers(1, 60, keep.shape[1]) / 2
    mixed = rng.permutation(keep.shape[1])
    given = {"nodes": 200, "lines": np.ones(200, int), "least": 4, "most": 20}
    straight = link(Pairs(keep[0], keep[1], strength), **given)
    assert straight.tolist() == link(Pairs(keep[1][mixed], keep[0][mixed], strength[mixed]), **given).tolist()


def make_lines(customer: list[int], *, firm: tuple[int, ...] = (), bundle: list[int] | None = None) -> Lines:
    nothing = np.full(len(customer), -1)
    return Lines(
        customer=np.array(customer),
        bundle=nothing if bundle is None else np.array(bundle),
        family=nothing,
        firm=np.isin(np.arange(len(customer)), firm),
        joined=(np.array([], int), np.array([], int)),
    )


def test_a_second_line_of_a_customer_does_not_thin_out_the_tie_of_a_household():
    lines = make_lines([1, 1, 1, 2, 2, 3])
    circle, kind = find_circles(lines, pairs_of((0, 3, 12), (3, 5, 9)), LIMITS)
    assert circle.tolist() == [0, 0, 0, 0, 0, NONE]
    assert kind.tolist() == [HOUSEHOLD] * 5 + [NONE]


def test_those_who_call_now_and_then_are_a_group_from_three_on():
    three = pairs_of((0, 1, 5), (0, 2, 5), (1, 2, 5), (3, 4, 5))
    circle, kind = find_circles(make_lines([1, 2, 3, 4, 5]), three, LIMITS)
    assert circle.tolist() == [0, 0, 0, NONE, NONE]
    assert kind.tolist() == [SMALL_GROUP] * 3 + [NONE] * 2


def test_a_household_is_not_swallowed_by_a_group_of_friends():
    ties = pairs_of((0, 1, 25), (0, 2, 5), (1, 2, 5), (2, 3, 5), (2, 4, 5), (3, 4, 5))
    circle, kind = find_circles(make_lines([1, 2, 3, 4, 5]), ties, LIMITS)
    assert circle.tolist() == [0, 0, 1, 1, 1]
    assert kind.tolist() == [HOUSEHOLD] * 2 + [SMALL_GROUP] * 3


def test_lines_of_a_firm_are_one_circle_that_ties_do_not_widen():
    lines = make_lines([1, 1, 1, 2], firm=(0, 1, 2))
    circle, kind = find_circles(lines, pairs_of((2, 3, 30)), LIMITS)
    assert circle.tolist() == [0, 0, 0, NONE]


def test_no_lines_no_circles():
    empty = make_lines([])
    assert find_circles(empty, pairs_of(), LIMITS)[0].tolist() == []


def test_circles_keep_their_number_while_half_of_one_is_in_the_other():
    before = np.array([7, 7, 7, 7, 8, 8, -1, 9, 9])
    now = np.array([0, 0, 0, 1, 1, 1, 1, 2, -1])
    assert match(before, now, circles=3).tolist() == [7, 8, 9]
    split = match(np.array([7, 7, 7, 7]), np.array([0, 0, 1, 1]), circles=2)
    assert split.tolist() == [7, NEW]
    assert match(np.array([-1, -1]), np.array([0, 0]), circles=1).tolist() == [NEW]
