"""Grants: users and retention groups that may see a customer, as long as they hold one of its work orders or until a
moment that was said when the grant was given."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from retention.core import clock
from retention.core.accounts.models import Team, User
from retention.core.accounts.roles import Role


class CustomerGrantQuerySet(models.QuerySet["CustomerGrant"]):
    def held_by(self, user: User) -> Self:
        """Grants of this user that hold now; for a supervisor, those of the retention groups they run."""
        given = Q(user=user)
        if user.role == Role.SUPERVISOR:
            given |= Q(team__in=user.teams.values("pk"))
        return self.filter(given).in_force(at=clock.now())

    def in_force(self, *, at: datetime) -> Self:
        """All but those that have ended by this moment: a grant until 14:30 does not hold at 14:30."""
        return self.filter(Q(until=None) | Q(until__gt=at))

    def of_orders(self) -> Self:
        """Those that go with an open work order."""
        return self.filter(until=None)


class CustomerGrant(models.Model):
    """Access of a user or a retention group to a customer: for one order, written with the order's transitions, or for
    a while, written by `services.grant_until`.

    until: when it ends by itself; None for the grant of an order. order_no: of the order; else a key of its own.
    """

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="customer_grants")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="customer_grants")
    order_no = models.CharField(max_length=40, unique=True)
    until = models.DateTimeField(null=True)

    objects = CustomerGrantQuerySet.as_manager()

    def __str__(self) -> str:
        return self.order_no
