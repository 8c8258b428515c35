"""From where on a tie counts, and how large circles may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Calls are those of a month.

    strongest: a contact counts while it is among so many of the line. least_calls: and is called about weekly.
    most_calls: what a pair can say; more would let two who call all day pull a third one in.
    callers: a line that more lines than this name so (a shop, a taxi centre) is in close contact with nobody.
    household_calls, group_calls: the mean between every two parties of one. household_lines, group_lines: at most.
    group_parties: at least; two who call each other now and then are no group.
    shared_lines: a bundle, family or private customer with more lines says nothing about living together.
    """

    strongest: int = 5
    least_calls: int = 4
    most_calls: int = 30
    callers: int = 8
    household_calls: int = 10
    household_lines: int = 8
    group_calls: int = 4
    group_lines: int = 20
    group_parties: int = 3
    shared_lines: int = 20
