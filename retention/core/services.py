"""Writes of the core: staff, and jobs that lost their process."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from retention.core import audit
from retention.core.errors import Invalid, NotFound
from retention.core.models import Branch, Job, Team, User
from retention.core.roles import Role

INTERRUPTED = "The process that ran this ended before it was finished; run it again to complete it."


@transaction.atomic
def create_staff(
    *, username: str, role: str, branch: str, password: str, groups: Sequence[str] = (), actor: User | None = None
) -> User:
    """Make a member of staff, or bring an existing one to this state. `branch` and `groups` are codes.

    Retention groups that do not exist yet are made in the branch. NotFound for an unknown branch, Invalid for a role.
    """
    if role not in Role.values:
        raise Invalid(f"Unknown role {role!r}; one of {', '.join(Role.values)}.", details=[{"field": "role"}])
    home = Branch.objects.filter(code=branch).first()
    if home is None:
        raise NotFound(f"There is no branch with the code {branch!r}.", details=[{"field": "branch"}])
    user = User.objects.filter(username=username).first() or User(username=username)
    created = user.pk is None
    user.role, user.branch = role, home
    user.is_staff = user.is_superuser = role == Role.ADMINISTRATOR
    user.set_password(password)
    user.save()
    user.teams.set([_team(code, home) for code in groups])
    audit.record(
        actor=actor, action="staff.change", target=f"user:{username}", created=created, role=role, branch=branch
    )
    return user


def _team(code: str, branch: Branch) -> Team:
    team, _ = Team.objects.get_or_create(code=code, defaults={"name": code, "branch": branch})
    return team


def fail_interrupted(*, job: Job, now: datetime) -> bool:
    """Say on a job's row that its process is gone. False when it has meanwhile ended otherwise."""
    changed = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, started_at=job.started_at).update(
        state=Job.State.FAILED, error=INTERRUPTED, finished_at=now
    )
    return bool(changed)
