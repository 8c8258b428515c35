"""Grants that end by themselves. Those of work orders are written by the moves of the orders."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from customers.grants.models import CustomerGrant
from retention.core.accounts.models import Team, User


def grant_until(*, customer_id: int, user: User, teams: Sequence[Team], until: datetime, now: datetime) -> None:
    """Let the user see the customer until a moment, and so long whoever supervises one of these groups.

    The user's grants that have ended are deleted. The caller's transaction holds a lock on the user, so that two of
    them never delete the same rows.
    """
    CustomerGrant.objects.filter(user=user, until__lte=now).delete()
    groups: Sequence[Team | None] = teams or [None]
    CustomerGrant.objects.bulk_create(
        CustomerGrant(customer_id=customer_id, user=user, team=team, order_no=f"until-{uuid4().hex}", until=until)
        for team in groups
    )
