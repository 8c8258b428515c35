"""Look-ups of callers: who asked for which line, why, and until when it was shown."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.accounts.models import Branch, User
from workorders.declarations import format_caller_reason
from workorders.inbound.rules import MAX_NOTE, CallerReason


class CallerLookupQuerySet(models.QuerySet["CallerLookup"]):
    def visible_to(self, user: User) -> Self:
        """Look-ups by people of the own branch and below."""
        return self.filter(agent__branch__in=Branch.objects.visible_to(user).values("pk"))

    def of_day(self, agent: User, *, day: date) -> Self:
        since, until = clock.midnight(day), clock.midnight(day + timedelta(days=1))
        return self.filter(agent=agent, at__gte=since, at__lt=until)

    def running(self, agent: User, *, customer_id: int, at: datetime) -> Self:
        """Those by which the agent sees this customer at a moment, the one that lasts longest first."""
        found = self.filter(agent=agent, until__gt=at, subscriber__account__customer=customer_id)
        return found.order_by("-until", "-pk")

    def for_list(self) -> Self:
        return self.select_related("agent", "subscriber")


class CallerLookup(models.Model):
    """One use of "a customer calls in".

    asked: the number as it was given, masked. note: in words, without phone numbers; never empty for another reason.
    subscriber, until: the line that was found and how long it is shown; neither for a miss.
    """

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="caller_lookups", db_index=False, verbose_name=_("agent")
    )
    at = models.DateTimeField(_("at"), db_index=True)
    asked = models.CharField(_("number asked for"), max_length=40)
    reason = models.CharField(_("reason"), max_length=12, choices=CallerReason.choices)
    note = models.CharField(_("note"), max_length=MAX_NOTE, blank=True)
    subscriber = models.ForeignKey(
        Subscriber, models.PROTECT, null=True, related_name="caller_lookups", verbose_name=_("line")
    )
    until = models.DateTimeField(_("until"), null=True)

    objects = CallerLookupQuerySet.as_manager()

    class Meta:
        verbose_name = _("look-up of a caller")
        verbose_name_plural = _("look-ups of callers")
        constraints = [
            models.CheckConstraint(
                condition=Q(subscriber=None, until=None) | Q(subscriber__isnull=False, until__isnull=False),
                name="caller_found_is_shown",
            ),
            models.CheckConstraint(
                condition=~Q(reason=CallerReason.OTHER) | ~Q(note=""), name="caller_other_reason_in_words"
            ),
        ]
        indexes = [models.Index(fields=["agent", "-at"], name="caller_lookup_of_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_found(self) -> bool:
        return self.subscriber_id is not None

    @property
    def why(self) -> str:
        """The reason in the active language, with the note."""
        return format_caller_reason(self.reason, self.note)
