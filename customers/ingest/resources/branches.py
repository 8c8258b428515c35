"""Branches: the declaration, which rows can land, and the paths of the tree afterwards."""

from datetime import datetime

import numpy as np
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from customers.facts.models import ANY_PROFILE_SQL, PastValue
from customers.ingest.resources.base import Fields, Resource
from customers.ingest.resources.checks import CheckedChunk
from retention.core.accounts.models import Branch

LONGEST_PATH = 400
BRANCH_TABLE = Branch._meta.db_table
Parents = dict[str, str | None]


def branch_chain(code: str, parents: Parents) -> list[str] | None:
    """The codes from the root down to `code`; None when the chain leads to itself. An unknown code ends the chain."""
    chain: list[str] = []
    here: str | None = code
    while here is not None:
        if here in chain:
            return None
        chain.append(here)
        here = parents.get(here)
    return chain[::-1]


def prepare_branches(checked: CheckedChunk) -> None:
    """Reject rows that would form a cycle or are too deep; rows with an unknown ancestor wait for it."""
    known: Parents = dict(Branch.objects.values_list("code", "parent__code"))
    codes, parents = (checked.values[name].to_pylist() for name in ("code", "parent_code"))
    for position in np.flatnonzero(checked.absent.get("parent_code", [])):
        parents[position] = known.get(codes[position])
    incoming = {codes[p]: parents[p] for p in checked.positions()}
    tree = known | incoming
    for position in checked.positions():
        chain = branch_chain(codes[position], tree)
        if chain is None:
            checked.reject(position, "parent_code", "cycle")
        elif chain[0] not in tree:
            checked.wait(position, "parent_code")
        elif sum(len(code) + 1 for code in chain) > LONGEST_PATH:
            checked.reject(position, "parent_code", "too_deep")


def insert_placeholder_branches(cursor: CursorWrapper, now: datetime) -> None:
    """Rows for new codes, so that every parent can be resolved; the upsert fills them (their empty name differs)."""
    cursor.execute(
        f"INSERT INTO {BRANCH_TABLE} (code, name, level, path)"
        " SELECT code, '', level, code || '/' FROM stage_branches"
        " ORDER BY code ON CONFLICT (code) DO NOTHING"
    )


def refresh_paths(cursor: CursorWrapper, now: datetime) -> None:
    cursor.execute(
        f"""
        WITH RECURSIVE tree AS (
            SELECT id, code || '/' AS path FROM {BRANCH_TABLE} WHERE parent_id IS NULL
            UNION ALL
            SELECT b.id, tree.path || b.code || '/' FROM {BRANCH_TABLE} b JOIN tree ON b.parent_id = tree.id
        ), kept AS (
            INSERT INTO {PastValue._meta.db_table} ("table", "row", "column", was, until)
            SELECT '{BRANCH_TABLE}', b.id, 'path', to_jsonb(b.path), %s
            FROM {BRANCH_TABLE} b JOIN tree ON tree.id = b.id
            WHERE b.path IS DISTINCT FROM tree.path AND {ANY_PROFILE_SQL}
        )
        UPDATE {BRANCH_TABLE} b SET path = tree.path FROM tree
        WHERE tree.id = b.id AND b.path IS DISTINCT FROM tree.path
        """,
        [now],
    )


branch = Fields(Branch)

# The only resource that refers to itself: parents may come after their children in the same chunk.
BRANCHES = Resource(
    "branches",
    Branch,
    _("Branches"),
    key=("code",),
    fields=(
        branch.key("code"),
        branch.text("name"),
        branch.to("branches", "parent_code", "parent", key="code", default=None),
        branch.choice("level"),
    ),
    initial={"path": "s.code || '/'"},
    prepare=prepare_branches,
    before=insert_placeholder_branches,
    after=refresh_paths,
)
