"""The base of every managed table."""

from typing import ClassVar, Generic, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Branch, User
from retention.core.db.models import Bilingual
from retention.core.managed.permissions import visible_rows

Row = TypeVar("Row", bound="Managed")


class ManagedQuerySet(models.QuerySet[Row], Generic[Row]):
    """Base of a kind's queryset, where it has named reads of its own."""

    def visible_to(self, user: User) -> Self:
        """Rows of the whole base, of a branch above the person's own, or below it."""
        return visible_rows(self, user)


class Managed(Bilingual):
    """A row that managers keep. A kind is a subclass; services, form and pages of this package work with any.

    A kind declares `editable` (fields that people set), `view_permission` and `edit_permission`, and overrides
    `set_defaults`, `normalize` and `check_ready` as far as it needs them. Its changes are audited as "<model>.change".
    branch: for whose lines the row holds, None for the whole base. version: rises with each change of editable fields.
    """

    editable: ClassVar[tuple[str, ...]]
    view_permission: ClassVar[str]
    edit_permission: ClassVar[str]

    code = models.SlugField(_("code"), max_length=24, unique=True)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    enabled = models.BooleanField(_("enabled"), default=False)
    built_in = models.BooleanField(_("built in"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def change_action(cls) -> str:
        """The audit action of every change."""
        return f"{cls._meta.model_name}.change"

    def set_defaults(self, actor: User) -> None:
        """Fill in what a new row takes from whoever makes it. Called before the given values are set."""

    def normalize(self) -> None:
        """Bring fields in line that follow from others, after values were set. Raises Invalid for contradictions."""

    def check_ready(self) -> None:
        """Raise Invalid unless the row can be switched on."""
