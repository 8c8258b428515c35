"""Branches come in any order; the path of each is the chain of codes from the root."""

import pytest

from customers.ingest.models import QuarantinedRow
from retention.core.accounts.models import Branch
from tests.customers.ingest.rows import send

pytestmark = pytest.mark.django_db
LEVELS = ["province", "city", "district", "outlet"]
TREE = [
    {"code": "O", "parent_code": "D"},
    {"code": "D", "parent_code": "C"},
    {"code": "C", "parent_code": "P"},
    {"code": "P"},
]
ROWS = [row | {"name": row["code"].lower(), "level": level} for row, level in zip(TREE, reversed(LEVELS), strict=True)]


def paths() -> dict[str, str]:
    return dict(Branch.objects.values_list("code", "path"))


def test_children_may_come_before_their_parents(db: None) -> None:
    assert send("branches", ROWS).applied == 4
    assert paths() == {"P": "P/", "C": "P/C/", "D": "P/C/D/", "O": "P/C/D/O/"}
    assert send("branches", ROWS).unchanged == 4


def test_a_branch_that_moves_takes_its_children_along(db: None) -> None:
    send("branches", [*ROWS, {"code": "C2", "name": "c2", "level": "city", "parent_code": "P"}])
    assert send("branches", [ROWS[1] | {"parent_code": "C2"}]).applied == 1
    assert paths()["O"] == "P/C2/D/O/"


def test_a_branch_whose_parent_is_unknown_waits_with_its_children(db: None) -> None:
    result = send("branches", ROWS[:2])
    assert (result.applied, result.waiting) == (0, 2)
    assert not Branch.objects.exists()
    send("branches", ROWS[2:], source="later")
    assert paths()["O"] == "P/C/D/O/"
    assert not QuarantinedRow.objects.exists()


def test_rings_are_rejected_in_one_file_and_across_files(db: None) -> None:
    ring = [ROWS[1] | {"parent_code": "O"}, ROWS[0]]
    result = send("branches", ring)
    assert [e["code"] for e in result.errors] == ["cycle", "cycle"]
    send("branches", ROWS)
    result = send("branches", [ROWS[3] | {"parent_code": "O"}])
    assert result.errors[0]["message"] == "Row 1: parent_code is 'O', which would put the branch under itself."
    assert paths()["P"] == "P/"


def test_a_chain_of_codes_longer_than_the_path_is_rejected(db: None) -> None:
    chain = [{"code": f"{n:032}", "name": "x", "level": "outlet"} for n in range(14)]
    for upper, lower in zip(chain, chain[1:], strict=False):
        lower["parent_code"] = upper["code"]
    result = send("branches", chain)
    assert {e["code"] for e in result.errors} == {"too_deep"}
    assert result.applied == 12
