"""Bulk actions on so many orders that they are done in the background, order by order accounted for."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.jobs.models import Job
from workorders.orders.models import WorkOrder
from workorders.supervision.actions import Action, Refusal


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    def visible_to(self, user: User) -> Self:
        """The own ones; administrators see all."""
        found = self.select_related("job__actor")
        return found if user.role == Role.ADMINISTRATOR else found.filter(job__actor=user)


class BulkRun(models.Model):
    """One action on the orders of its items. The job has its state, its person and its times.

    given: what the action needs, as actions.py names it. stop_asked: no further order is begun.
    """

    job = models.OneToOneField(Job, models.CASCADE, related_name="bulk_run")
    action = models.CharField(_("action"), max_length=12, choices=Action.choices)
    given = models.JSONField(default=dict)
    stop_asked = models.BooleanField(default=False)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk action")

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class BulkItem(models.Model):
    """One order of a run: done, refused with the reason, or neither while it waits."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items", db_index=False)
    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")
    is_done = models.BooleanField(default=False)
    refusal = models.CharField(_("refused because"), max_length=12, choices=Refusal.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "order"], name="bulk_item_once")]
        indexes = [models.Index(fields=["run", "id"], condition=Q(is_done=False, refusal=""), name="bulk_item_waits")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.order_id}"
