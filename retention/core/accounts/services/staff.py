"""Staff created by command, staff edited in the administration, passwords, preferences."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound
from retention.core.registry import Registry

# What apps do with a member of staff who was changed, in the same transaction: called with `user` and `now`.
STAFF_FOLLOW_UPS: Registry[str, Callable[..., object]] = Registry("follow-up of staff")


@transaction.atomic
def create_staff(
    *,
    username: str,
    role: str,
    branch: str,
    password: str,
    now: datetime,
    groups: Sequence[str] = (),
    actor: User | None = None,
) -> User:
    """Create a member of staff, or update an existing one. `branch` and `groups` are codes.

    Missing retention groups are created in the branch. NotFound for an unknown branch, Invalid for an unknown role or
    a password that the rules refuse.
    """
    if role not in Role.values:
        raise Invalid(f"Unknown role {role!r}; one of {', '.join(Role.values)}.", details=[{"field": "role"}])
    home = Branch.objects.filter(code=branch).first()
    if home is None:
        raise NotFound(f"There is no branch with the code {branch!r}.", details=[{"field": "branch"}])
    user = User.objects.filter(username=username).first() or User(username=username)
    created, before = user.pk is None, _standing(user if user.pk else None)
    user.role, user.branch = role, home
    user.is_staff = user.is_superuser = role == Role.ADMINISTRATOR
    _require_strong(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.save()
    user.teams.set([_team(code, home) for code in groups])
    if not created:
        record_password_change(user=user, actor=actor)
    _follow_up(user=user, before=before, actor=actor, now=now, created=created, branch=branch)
    return user


def _require_strong(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), details=[{"field": "password"}]) from None


def _team(code: str, branch: Branch) -> Team:
    """A missing group is named after its branch, with its code when the branch has another."""
    team = Team.objects.filter(code=code).first()
    if team is None:
        which = f" {code}" if branch.teams.exists() else ""
        names = {"name": f"{branch.name} retention group{which}", "name_zh": f"{branch.name}维系组{which}"}
        team = Team.objects.create(code=code, branch=branch, **names)
    return team


@transaction.atomic
def save_staff(*, user: User, actor: User, changed: Iterable[str], now: datetime, **noted: object) -> User:
    """Save a user; administrators, and only they, may open the technical administration. `changed`: names of fields.

    The trail has role, branch and whether the account is on, before and after, and what is `noted`. Invalid when no
    active administrator would be left.
    """
    before = _standing(User.objects.filter(pk=user.pk).select_related("branch").first())
    user.is_staff = user.is_superuser = user.role == Role.ADMINISTRATOR
    user.save()
    shown = sorted(set(changed) - {"password", "password1", "password2"})
    _follow_up(user=user, before=before, actor=actor, now=now, changed=shown, **noted)
    return user


def _follow_up(*, user: User, before: dict[str, object], actor: User | None, now: datetime, **detail: object) -> None:
    """The entry in the trail with what moved, then what apps do about it."""
    moved = {name: [before.get(name), value] for name, value in _standing(user).items() if before.get(name) != value}
    if before.get("role") == Role.ADMINISTRATOR and before.get("is_active"):
        _require_administrator()
    audit.record(
        actor=actor, action="staff.change", target=f"user:{user.username}", role=user.role, moved=moved, **detail
    )
    for follow_up in STAFF_FOLLOW_UPS.values():
        follow_up(user=user, now=now)


def _require_administrator() -> None:
    """Invalid when no active administrator is left. Two who take each other's role wait for one another."""
    if not User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk"):
        raise Invalid(_("The last administrator stays: somebody must be able to let people in."), code="last_one")


@transaction.atomic
def record_password_change(*, user: User, actor: User | None) -> None:
    """Write into the trail that a password was changed by its owner, or reset by somebody else (None: by command)."""
    how = "changed" if actor is not None and user.pk == actor.pk else "reset"
    if how == "changed" and user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    audit.record(actor=actor, action="staff.password", target=f"user:{user.username}", how=how)


def _standing(user: User | None) -> dict[str, object]:
    if user is None:
        return {}
    return {"role": user.role, "branch": user.branch.code if user.branch else None, "is_active": user.is_active}


@transaction.atomic
def save_preferences(
    *, user: User, language: str | None = None, theme: str | None = None, shortcuts: bool | None = None
) -> User:
    """Save the user's preferences; None leaves one unchanged. The values are those of the model's choices."""
    chosen = {"language": language, "theme": theme, "shortcuts": shortcuts}
    changed = {name: value for name, value in chosen.items() if value is not None and value != getattr(user, name)}
    if changed:
        for name, value in changed.items():
            setattr(user, name, value)
        user.save(update_fields=list(changed))
        audit.record(actor=user, action="preference.change", target=f"user:{user.username}", **changed)
    return user
