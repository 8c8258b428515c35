from typing import Self

from django.db import models
from django.db.models import Q

from retention.core.accounts.models import Team, User
from retention.core.accounts.roles import Role


class CustomerGrantQuerySet(models.QuerySet["CustomerGrant"]):
    def held_by(self, user: User) -> Self:
        """Grants of this user; for a supervisor, those of the retention groups they run."""
        if user.role == Role.SUPERVISOR:
            return self.filter(Q(user=user) | Q(team__in=user.teams.values("pk")))
        return self.filter(user=user)


class CustomerGrant(models.Model):
    """Access of a user or a retention group to a customer, for one order. Written with the order's transitions."""

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="customer_grants")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="customer_grants")
    order_no = models.CharField(max_length=40, unique=True)

    objects = CustomerGrantQuerySet.as_manager()

    def __str__(self) -> str:
        return self.order_no
