"""For which branches a person may decide, and which rows with an optional branch are visible."""

from typing import TypeVar

from django.db import models
from django.db.models import F, Q, Value

from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role

Rows = TypeVar("Rows", bound=models.QuerySet)


def visible_rows(rows: Rows, user: User) -> Rows:
    """Of rows with an optional branch: those of the whole base, of a branch above the person's own, or below it."""
    if user.role == Role.ADMINISTRATOR:
        return rows
    if user.branch is None:
        return rows.filter(branch=None)
    above = rows.annotate(own_path=Value(user.branch.path))
    return above.filter(
        Q(branch=None) | Q(branch__path__startswith=user.branch.path) | Q(own_path__startswith=F("branch__path"))
    )


def may_decide(*, actor: User, permission: str, branch: Branch | None) -> bool:
    """Whether `actor` may decide for `branch` and all below it; for the whole base (None) only from the root branch."""
    if not actor.may(permission):
        return False
    if actor.role == Role.ADMINISTRATOR:
        return True
    if actor.branch is None:
        return False
    return actor.branch.parent_id is None if branch is None else branch.path.startswith(actor.branch.path)
