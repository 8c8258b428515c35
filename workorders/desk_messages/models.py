"""Messages to desks and their receipts."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User


class DeskMessage(models.Model):
    """What somebody has written to one agent or to many at once."""

    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="desk_messages")
    text = models.CharField(_("message"), max_length=500)
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("message to desks")
        indexes = [models.Index(fields=["sender", "-sent_at"], name="desk_message_of_sender")]

    def __str__(self) -> str:
        return f"{self.sender_id} {self.sent_at:%Y-%m-%d %H:%M}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def unread_of(self, person: User) -> Self:
        """The oldest first."""
        return self.filter(person=person, read_at=None).select_related("message__sender").order_by("message__sent_at")


class Receipt(models.Model):
    """A message at the desk of one person. read_at: when they said that they have read it."""

    message = models.ForeignKey(DeskMessage, models.CASCADE, related_name="receipts", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    read_at = models.DateTimeField(_("read"), null=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="desk_receipt_once")]
        indexes = [models.Index(fields=["person"], condition=Q(read_at=None), name="desk_receipt_unread")]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.person_id}"
