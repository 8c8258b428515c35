"""Circles out of lines, what they share, and who calls whom."""

from dataclasses import dataclass

import numpy as np

from customers.circles.rules.limits import Limits
from customers.circles.rules.linkage import link
from customers.circles.rules.parties import UNKNOWN, find_parties
from customers.circles.rules.ties import Pairs, starts
from customers.fields.choices import CircleKind

NONE = -1
KINDS: tuple[str, ...] = (CircleKind.HOUSEHOLD.value, CircleKind.SMALL_GROUP.value, CircleKind.ENTERPRISE.value)
HOUSEHOLD, SMALL_GROUP, ENTERPRISE = range(len(KINDS))


@dataclass(frozen=True)
class Lines:
    """Columns of the lines that may be in a circle. customer, bundle, family: codes, UNKNOWN where there is none.

    firm: whether the customer is an enterprise or office. joined: pairs of lines that stay together whatever else.
    """

    customer: np.ndarray
    bundle: np.ndarray
    family: np.ndarray
    firm: np.ndarray
    joined: tuple[np.ndarray, np.ndarray]


def find_circles(lines: Lines, ties: Pairs, limits: Limits) -> tuple[np.ndarray, np.ndarray]:
    """(circle, kind) of each line: circles are numbered from 0 by their first line, NONE for a line alone.

    The lines of a firm are one circle. Private lines: a party is a household by itself; parties that call each other
    a lot make one household; of those left alone, parties that call each other regularly are a small group.
    """
    private = ~lines.firm
    party = _private_parties(lines, limits)
    parties = int(party.max()) + 1 if len(party) else 0
    size = np.bincount(party, minlength=parties)
    between = _between_parties(ties, party, private)
    home = link(between, nodes=parties, lines=size, least=limits.household_calls, most=limits.household_lines)
    lines_at_home = np.bincount(home, weights=size, minlength=parties).astype(np.int64)[home]
    alone = (lines_at_home == 1) & (size == 1)
    left = Pairs(*(column[alone[between.one] & alone[between.other]] for column in _columns(between)))
    group = link(left, nodes=parties, lines=size, least=limits.group_calls, most=limits.group_lines)
    is_group = alone & (np.bincount(group, minlength=parties)[group] >= limits.group_parties)
    kind = np.full(parties, NONE)
    kind[lines_at_home > 1] = HOUSEHOLD
    kind[is_group | (lines_at_home > limits.household_lines)] = SMALL_GROUP
    kind[lines_at_home > limits.group_lines] = NONE
    of_line, kind_of_line = np.where(is_group, group, home)[party], kind[party]
    firm, of_firm = _firms(lines)
    of_line[firm], kind_of_line[firm] = parties + of_firm, ENTERPRISE
    kind_of_line[np.bincount(of_line)[of_line] < 2] = NONE
    return _numbered(of_line, kind_of_line), kind_of_line


def _private_parties(lines: Lines, limits: Limits) -> np.ndarray:
    """Lines of firms, too, have a party here: each one of its own, with which nobody is linked."""
    hidden = [np.where(lines.firm, UNKNOWN, codes) for codes in (lines.customer, lines.bundle, lines.family)]
    one, other = lines.joined
    both = ~(lines.firm[one] | lines.firm[other])
    return find_parties(hidden, (one[both], other[both]), most=limits.shared_lines)


def _between_parties(ties: Pairs, party: np.ndarray, private: np.ndarray) -> Pairs:
    """Two parties are as strong as the strongest of their lines: a second SIM or a landline thins nothing out."""
    one, other = party[ties.one], party[ties.other]
    keep = (one != other) & private[ties.one] & private[ties.other]
    low, high = np.minimum(one, other)[keep], np.maximum(one, other)[keep]
    strength = ties.strength[keep]
    order = np.lexsort((high, low))
    first = starts(low[order], high[order])
    strongest = np.maximum.reduceat(strength[order], first) if len(first) else strength
    return Pairs(low[order][first], high[order][first], strongest)


def _columns(pairs: Pairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return pairs.one, pairs.other, pairs.strength


def _firms(lines: Lines) -> tuple[np.ndarray, np.ndarray]:
    """(lines of firms, number of the firm of each)."""
    firm = np.flatnonzero(lines.firm)
    return firm, np.unique(lines.customer[firm], return_inverse=True)[1]


def _numbered(of_line: np.ndarray, kind: np.ndarray) -> np.ndarray:
    found = np.full(len(of_line), NONE)
    inside = np.flatnonzero(kind != NONE)
    _names, first, place = np.unique(of_line[inside], return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    found[inside] = rank[place]
    return found
