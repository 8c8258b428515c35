"""The trail of an order: transitions, notes, and drafts of what is being typed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workorders.order_types.models import Disposition
from workorders.orders.states import ENTRIES, MOVES, State


class TransitionQuerySet(models.QuerySet["Transition"]):
    def for_history(self) -> Self:
        """The trail of an order, newest first."""
        return self.select_related("disposition").order_by("-version")

    def for_log(self) -> Self:
        """All that the task log reads. from_stage: where the order stood before the line.

        Types come with a query of their own, once each: they are few, and large.
        """
        before = Transition.objects.filter(order=models.OuterRef("order"), version=models.OuterRef("version") - 1)
        return (
            self.select_related("actor", "disposition", "order__customer", "order__team")
            .prefetch_related("order__type")
            .defer("order__evidence", "order__answers")
            .annotate(from_stage=models.Subquery(before.values("stage")[:1]))
        )

    def standing_contacts(self) -> Self:
        """Contacts as they were saved; not those that were opened again to be corrected."""
        mended = Transition.objects.filter(
            order=models.OuterRef("order"), version=models.OuterRef("version") + 1, move__in=["reopen", "requeue"]
        )
        return self.filter(~models.Exists(mended), disposition__isnull=False)

    def with_call_start(self) -> Self:
        """Annotates contacts with when the call of each began (`began_at`), None for those saved without a call."""
        call = Q(move="start") | Q(disposition__isnull=False)
        before = Transition.objects.filter(call, order=models.OuterRef("order"), version__lt=models.OuterRef("version"))
        began = models.Case(models.When(move="start", then=F("at")))
        return self.annotate(began_at=models.Subquery(before.order_by("-version").values(began=began)[:1]))

    def last_contacts(self) -> Self:
        """The last standing contact of each order: its agent did the work, whoever holds or has cancelled the order."""
        later = Transition.objects.standing_contacts().filter(
            order=models.OuterRef("order"), version__gt=models.OuterRef("version")
        )
        return self.standing_contacts().filter(~models.Exists(later))


class Transition(models.Model):
    """One line of an order's trail: what was done, by whom, from which state to which. One for each version.

    stage: where the order stood afterwards; step: the type's own move, "" when it was one of the state table alone.
    """

    order = models.ForeignKey("WorkOrder", models.CASCADE, related_name="transitions", db_index=False)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(_("who"), max_length=150)
    move = models.CharField(_("move"), max_length=16)
    from_state = models.CharField(_("from"), max_length=12, choices=State.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=12, choices=State.choices)
    stage = models.CharField(max_length=40, blank=True, default="", db_default="")
    step = models.CharField(max_length=40, blank=True, default="", db_default="")
    disposition = models.ForeignKey(Disposition, models.PROTECT, null=True, related_name="+", db_index=False)
    detail = models.JSONField(default=dict)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "version"], name="transition_of_order")]
        indexes = [
            models.Index(fields=["actor", "at"], name="transition_of_actor"),
            models.Index(fields=["at"], name="transition_at"),
            models.Index(fields=["at"], condition=Q(disposition__isnull=False), name="transition_contact_at"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.move}"

    @property
    def move_label(self) -> object:
        """In the words of the order's own version, where the move is one of its own."""
        if label := ENTRIES.get(self.move):
            return label
        own = self.order.type.staged.step(self.step) if self.step else None
        return (own.title if own else "") or MOVES[self.move].label


class Note(models.Model):
    """A note of an agent or a supervisor on an order."""

    order = models.ForeignKey("WorkOrder", models.CASCADE, related_name="notes")
    at = models.DateTimeField(_("at"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(_("who"), max_length=150)
    text = models.TextField(_("note"))

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.at:%Y-%m-%d %H:%M}"


class Draft(models.Model):
    """Text typed by an agent and not yet saved as an outcome. One per order and person; deleted with the outcome.

    revision: how often it was saved; a window that knows an earlier one does not overwrite it.
    """

    order = models.ForeignKey("WorkOrder", models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "order"], name="draft_once")]

    def __str__(self) -> str:
        return f"draft of {self.order_id} by {self.user_id}"
