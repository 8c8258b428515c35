"""People and groups as the administration changes them. Each writes the trail; deactivation gives orders back at once.

All raise Refused for who may not, NotFound for people and groups that are not there, StaleRow for a row that somebody
else has changed, and Invalid when no active administrator would be left.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import Team, User
from retention.core.accounts.roles import Role
from retention.core.accounts.services import sign_in
from retention.core.accounts.services.staff import record_password_change, save_staff
from retention.core.administration.services import Seen, apply_values, change_row, make_row, row_values
from retention.core.errors import Conflict, NotFound, Refused
from retention.core.staff import rules

# No letters or digits that look alike: it is read out or copied by hand once.
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PASSWORD_CHARACTERS = 14
PLACE_FIELDS = frozenset({"role", "branch", "teams"})
GROUP_FIELDS = ("name", "name_zh", "branch")


@dataclass(frozen=True)
class NewPassword:
    """password: shown once, stored nowhere. It opens only the page where the person chooses the own one."""

    person: User
    password: str


@transaction.atomic
def create_person(*, actor: User, username: str, values: Mapping[str, Any], now: datetime) -> NewPassword:
    """A new active account. values: first_name, last_name, email, role, branch, teams, language.

    Conflict when the name is taken, in capitals or not: people type it either way.
    """
    if not actor.may("staff.edit"):
        raise Refused(_("You may not change this person's account."))
    rules.require_role(actor=actor, role=values["role"])
    if User.objects.filter(username__iexact=username).exists():
        raise _name_taken(username)
    own = {name: value for name, value in values.items() if name != "teams"}
    person = User(username=username, **own)
    password = _give_password(person)
    teams = list(values.get("teams", ()))
    made = row_values(person, own) | {"teams": sorted(team.code for team in teams)}
    try:
        with transaction.atomic():
            save_staff(user=person, actor=actor, changed=values, now=now, made=made)
    except IntegrityError as error:
        raise _name_taken(username) from error
    person.teams.set(teams)
    return NewPassword(person, password)


@transaction.atomic
def change_person(*, actor: User, username: str, values: Mapping[str, Any], seen: Seen, now: datetime) -> User:
    """Change the fields of create_person. Role, branch and groups of the own account are changed by somebody else."""
    person = _lock_person(actor=actor, username=username)
    changes = apply_values(
        row=person, values=values, seen=seen, action="staff.change", target=f"user:{person.username}"
    )
    if not changes:
        return person
    if PLACE_FIELDS & changes.keys():
        rules.require_other(actor=actor, person=person)
    rules.require_role(actor=actor, role=person.role)
    return save_staff(user=person, actor=actor, changed=changes, now=now, changes=changes)


@transaction.atomic
def set_active(*, actor: User, username: str, active: bool, now: datetime) -> User:
    """Let a person in again, or end the account's use: sessions end and open orders go back to their queue at once."""
    person = _lock_person(actor=actor, username=username)
    rules.require_other(actor=actor, person=person)
    if person.is_active == active:
        return person
    person.is_active = active
    changes = {"is_active": [not active, active]}
    return save_staff(user=person, actor=actor, changed=changes, now=now, changes=changes)


@transaction.atomic
def reset_password(*, actor: User, username: str) -> NewPassword:
    """A one-time password in place of the present one, which ends the person's sessions."""
    person = _lock_person(actor=actor, username=username)
    rules.require_other(actor=actor, person=person)
    password = _give_password(person)
    person.save(update_fields=["password", "must_change_password"])
    record_password_change(user=person, actor=actor)
    return NewPassword(person, password)


@transaction.atomic
def unlock(*, actor: User, username: str) -> User:
    person = _lock_person(actor=actor, username=username)
    sign_in.unlock(user=person, actor=actor)
    return person


@transaction.atomic
def create_group(*, actor: User, code: str, values: Mapping[str, Any]) -> Team:
    """A new retention group. values: GROUP_FIELDS. Conflict when the code is taken."""
    _require_staff_edit(actor)
    group = Team(code=code, **values)
    try:
        with transaction.atomic():
            make_row(row=group, actor=actor, names=GROUP_FIELDS, action="team.change")
    except IntegrityError as error:
        text = _("The code %(code)s is taken by another group.") % {"code": code}
        raise _taken("code", text) from error
    return group


@transaction.atomic
def change_group(*, actor: User, code: str, values: Mapping[str, Any], seen: Seen) -> Team:
    _require_staff_edit(actor)
    group = Team.objects.select_for_update().filter(code=code).first()
    if group is None:
        raise NotFound(_("There is no such group."))
    change_row(row=group, actor=actor, values=values, seen=seen, action="team.change")
    return group


def _require_staff_edit(actor: User) -> None:
    if not actor.may("staff.edit"):
        raise Refused(_("Your role does not include this."))


def _lock_person(*, actor: User, username: str) -> User:
    """The person, once the actor is known to be allowed. Administrators are locked first, in one order: of two who
    take each other's role the second one finds that he has lost his own."""
    administrators = User.objects.select_for_update(no_key=True).filter(role=Role.ADMINISTRATOR).order_by("pk")
    standing = {one.pk: one for one in administrators}
    if actor.role == Role.ADMINISTRATOR and (actor.pk not in standing or not standing[actor.pk].is_active):
        raise Refused(_("You may not change this person's account."), code="outside_role")
    person = User.objects.select_for_update(no_key=True).filter(username=username).first()
    if person is None:
        raise NotFound(_("There is no such person."))
    rules.require_change(actor=actor, person=person)
    return person


def _give_password(person: User) -> str:
    password = "".join(secrets.choice(ALPHABET) for _place in range(PASSWORD_CHARACTERS))
    person.set_password(password)
    person.must_change_password = True
    return password


def _name_taken(username: str) -> Conflict:
    return _taken("username", _("The user name %(name)s is taken.") % {"name": username})


def _taken(field: str, text: str) -> Conflict:
    return Conflict(text, code="taken", details=[{"field": field, "code": "taken", "message": text}])
