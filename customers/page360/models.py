"""How many customers' numbers a person may look at."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.roles import Role


class RevealLimit(models.Model):
    """Customers an hour for a role; a role without a row has the default of the service."""

    role = models.CharField(_("role"), max_length=16, choices=Role.choices, unique=True)
    per_hour = models.PositiveIntegerField(_("customers an hour"))

    class Meta:
        verbose_name = _("limit of phone numbers")
        verbose_name_plural = _("limits of phone numbers")

    def __str__(self) -> str:
        return f"{self.role}: {self.per_hour}"


class RevealRaise(models.Model):
    """So many customers an hour more for one person, until a moment."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    extra = models.PositiveIntegerField()
    until = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["user", "until"], name="reveal_raise_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} +{self.extra}"
