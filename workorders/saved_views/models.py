from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.accounts.models import Team, User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def usable_by(self, user: User, *, page: str) -> Self:
        """The own ones of a list, and those shared with a group of the person."""
        shared = Q(team__in=user.teams.values("pk"))
        return self.filter(Q(owner=user) | shared, page=page).select_related("owner", "team").order_by("name", "pk")


class SavedView(models.Model):
    """A name for the query string of a list. page: the list's name. team: whom it is shared with, None for nobody."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=2000, blank=True)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("team", "group")
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_named_once")]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view with which a person's list opens when its address names no filter."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    page = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="default_view_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.page}"
