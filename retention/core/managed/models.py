"""The base of every managed table."""

from typing import ClassVar, Generic, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Branch, User
from retention.core.db.models import Bilingual
from retention.core.errors import Invalid
from retention.core.managed.permissions import visible_rows
from retention.core.managed.states import State

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
    # Fields that follow a change of the editable ones, for the audit trail.
    dependent: ClassVar[tuple[str, ...]] = ()

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
        """Fill in what a new row takes from its author. Called before the given values are set."""

    def normalize(self) -> None:
        """Bring fields in line that follow from others, after values were set. Raises Invalid for contradictions."""

    def check_ready(self) -> None:
        """Raise Invalid unless the row can be switched on."""

    def changed_by(self, actor: User) -> None:
        """Note who has written the row. Called before a new or changed row is saved."""


class Approvable(Managed):
    """Base of a kind that is switched on only once a person other than its author has approved it.

    author: the person who wrote it last. The database refuses a row that is on without approval, or approved by its
    author; services.move_state refuses all who wrote since the last approval. A change makes the row a draft and
    switches it off.
    """

    approve_permission: ClassVar[str]
    dependent = ("state", "enabled")

    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False)
    author = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_approved_by_another",
                condition=~Q(state=State.APPROVED) | Q(approved_by__isnull=False) & ~Q(approved_by=F("author")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_on_is_approved", condition=Q(enabled=False) | Q(state=State.APPROVED)
            ),
        ]

    def check_ready(self) -> None:
        if self.state != State.APPROVED:
            raise Invalid(_("It must be approved before it is switched on."), code="not_approved")

    def changed_by(self, actor: User) -> None:
        self.author, self.approved_by, self.state, self.enabled = actor, None, State.DRAFT, False
