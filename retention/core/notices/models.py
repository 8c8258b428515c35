"""Notices to people, and the kinds of which a person also gets an e-mail."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import User
from retention.core.notices.text import format_text


class Urgency(models.IntegerChoices):
    NORMAL = 1, pgettext_lazy("urgency", "Normal")
    IMPORTANT = 2, pgettext_lazy("urgency", "Important")
    URGENT = 3, pgettext_lazy("urgency", "Urgent")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def for_list(self) -> Self:
        """Unread ones first, then the newest."""
        return self.order_by(ExpressionWrapper(Q(read_at=None), models.BooleanField()).desc(), "-created_at", "-pk")

    def to_mail(self, now: datetime) -> Self:
        """E-mails that are due, the longest waiting first."""
        return self.filter(mail_due_at__lte=now).select_related("person").order_by("mail_due_at", "pk")


class Notice(models.Model):
    """One notice to one person. where: path of the page it leads to.

    mail_due_at: when an e-mail is to be sent or tried again; None when none is, or no more.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    message = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    where = models.CharField(max_length=300)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, default=Urgency.NORMAL)
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True)
    mail_due_at = models.DateTimeField(null=True)
    mail_sent_at = models.DateTimeField(_("e-mailed"), null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=100, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["person", "-created_at"], name="notice_listed"),
            models.Index(fields=["mail_due_at"], condition=~Q(mail_due_at=None), name="notice_to_mail"),
            models.Index(fields=["read_at"], condition=~Q(read_at=None), name="notice_purge"),
        ]

    def __str__(self) -> str:
        return f"{self.message} to {self.person_id}"

    @property
    def text(self) -> str:
        """The sentence in the active language."""
        return format_text(self.message, self.params)


DEFAULT_MAILED = (Urgency.URGENT,)


class NoticePreference(models.Model):
    """Urgencies that a person also gets by e-mail. A person without a row gets DEFAULT_MAILED."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    mailed = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.person_id} {self.mailed}"
