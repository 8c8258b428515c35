"""The share of all customers that no campaign and no scenario contacts, to see what all of them together bring."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User

UNIVERSAL = "universal"  # the origin of its rows in campaigns.outreach.models.HeldOut


class UniversalHoldoutQuerySet(models.QuerySet["UniversalHoldout"]):
    def in_force(self, on: date) -> "UniversalHoldout | None":
        """The newest setting that had begun; None before the first."""
        return self.filter(starts_on__lte=on).order_by("-starts_on", "-pk").first()

    def for_history(self) -> Self:
        return self.select_related("set_by").order_by("-starts_on", "-pk")


class UniversalHoldout(models.Model):
    """One setting of the universal hold-out; a change is a new row, so that the table is its history.

    per_mille: of the customers. A customer is drawn by a hash of `salt` and its number, so that a larger share contains
    the smaller one; another salt draws anew.
    """

    per_mille = models.PositiveSmallIntegerField(_("share (per mille)"))
    salt = models.CharField(_("salt"), max_length=32)
    starts_on = models.DateField(_("from"))
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = UniversalHoldoutQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(per_mille__lte=200), name="universal_holdout_share")]
        verbose_name = _("universal hold-out")

    def __str__(self) -> str:
        return f"{self.per_mille} from {self.starts_on}"
