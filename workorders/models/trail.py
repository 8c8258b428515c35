from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from workorders.models.orders import WorkOrder
from workorders.models.types import Disposition
from workorders.states import MOVES, OPENED, RAISED, State


class TransitionQuerySet(models.QuerySet["Transition"]):
    def for_history(self) -> Self:
        """The trail of an order, newest first."""
        return self.select_related("disposition").order_by("-version")


class Transition(models.Model):
    """One line of an order's trail: what was done, by whom, from which state to which. One for each version."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="transitions", db_index=False)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(_("who"), max_length=150)
    move = models.CharField(_("move"), max_length=16)
    from_state = models.CharField(_("from"), max_length=12, choices=State.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=12, choices=State.choices)
    disposition = models.ForeignKey(Disposition, models.PROTECT, null=True, related_name="+", db_index=False)
    detail = models.JSONField(default=dict)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "version"], name="transition_of_order")]
        indexes = [models.Index(fields=["actor", "at"], name="transition_of_actor")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.move}"

    @property
    def move_label(self) -> object:
        return {OPENED: pgettext("trail", "Opened"), RAISED: _("Made urgent")}.get(self.move) or MOVES[self.move].label


class Note(models.Model):
    """What an agent or a supervisor wrote on an order."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="notes")
    at = models.DateTimeField(_("at"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(_("who"), max_length=150)
    text = models.TextField(_("note"))

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.at:%Y-%m-%d %H:%M}"


class Draft(models.Model):
    """What an agent has typed and not yet saved as an outcome. One for an order and a person; gone with the outcome."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "order"], name="draft_once")]

    def __str__(self) -> str:
        return f"draft of {self.order_id} by {self.user_id}"
