"""For which lines a person may decide."""

from retention.core.models import Branch, User
from retention.core.roles import Role


def may_decide(*, actor: User, permission: str, branch: Branch | None) -> bool:
    """Whether `actor` may decide for the lines of `branch` (None: the whole base): only for what he oversees wholly."""
    if not actor.may(permission):
        return False
    if actor.role == Role.ADMINISTRATOR:
        return True
    if actor.branch is None:
        return False
    return actor.branch.parent_id is None if branch is None else branch.path.startswith(actor.branch.path)
