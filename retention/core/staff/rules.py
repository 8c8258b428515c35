"""Who may do what to whose account. Pure."""

from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.accounts.roles import roles_given_by
from retention.core.errors import Refused


def may_change(*, actor: User, person: User) -> bool:
    """Whether the actor may edit the person's account: he may give the role that the person has."""
    return actor.may("staff.edit") and person.role in roles_given_by(actor.role)


def require_change(*, actor: User, person: User) -> None:
    if not may_change(actor=actor, person=person):
        raise Refused(_("You may not change this person's account."), code="outside_role")


def require_other(*, actor: User, person: User) -> None:
    """Nobody gives himself rights, or takes the own account away."""
    if actor.pk == person.pk:
        raise Refused(_("Somebody else has to do this for your own account."), code="own_account")


def require_role(*, actor: User, role: str) -> None:
    if role not in roles_given_by(actor.role):
        raise Refused(_("You may not give this role."), code="outside_role")
