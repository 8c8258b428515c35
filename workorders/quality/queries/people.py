"""Who may review."""

from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role, may

REVIEWING = [role.value for role in Role if may(role, "quality.review")]


def reviewers_for(user: User) -> list[User]:
    """The people who may review in the person's branch and below, themselves included."""
    people = User.objects.filter(is_active=True, role__in=REVIEWING)
    if user.role != Role.ADMINISTRATOR:
        people = people.filter(branch__in=Branch.objects.under(user.branch).values("pk"))
    return list(people.order_by("username"))
