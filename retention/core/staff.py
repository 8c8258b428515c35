"""Changing people from the administration pages; see services.create_staff for making them by command."""

from collections.abc import Iterable

from django.db import transaction

from retention.core import audit
from retention.core.models import User
from retention.core.roles import Role


@transaction.atomic
def save_staff(*, user: User, actor: User, changed: Iterable[str]) -> User:
    """Save a person; administrators, and only they, may enter the administration pages. `changed`: names of fields."""
    user.is_staff = user.is_superuser = user.role == Role.ADMINISTRATOR
    user.save()
    shown = sorted(set(changed) - {"password", "password1", "password2"})
    audit.record(actor=actor, action="staff.change", target=f"user:{user.username}", role=user.role, changed=shown)
    return user
