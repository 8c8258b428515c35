import json
from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.utils.translation import gettext_lazy as _

from retention.core.accounts import roles
from retention.core.accounts.roles import IDLE_MINUTES, Role
from retention.core.db.models import Bilingual


class BranchQuerySet(models.QuerySet["Branch"]):
    def under(self, branch: "Branch | None") -> Self:
        """`branch` and every branch below it; no rows for None."""
        return self.filter(path__startswith=branch.path) if branch else self.none()

    def visible_to(self, user: "User") -> Self:
        return self if user.role == Role.ADMINISTRATOR else self.under(user.branch)

    def areas_of(self, user: "User", *, within: "Branch | None" = None) -> "dict[int, Branch]":
        """{id of every branch the person may see: the one that holds it right below their own, or below `within` where
        that lies lower, or itself}. Without an own branch, below the only root.
        """
        seen = list(self.visible_to(user))
        tops = [branch.path for branch in (user.branch, within) if branch is not None]
        roots = [branch.path for branch in seen if branch.parent_id is None]
        top = max(tops, key=len) if tops else roots[0] if len(roots) == 1 else ""
        level = top.count("/") + 1
        areas = {branch.path: branch for branch in seen if branch.path.count("/") <= level}
        return {branch.pk: areas.get("/".join(branch.path.split("/")[:level]) + "/", branch) for branch in seen}

    def named(self, words: str) -> Self:
        """Those with `words` in their name or code, by name."""
        return self.filter(Q(name__icontains=words) | Q(code__icontains=words)).order_by("name", "code")


class Branch(models.Model):
    """A node of the operator's tree 机构. `path` is the chain of codes from the root, each ended by a slash."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        CITY = "city", _("City")
        DISTRICT = "district", _("District")
        OUTLET = "outlet", _("Outlet")

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(_("level"), max_length=16, choices=Level.choices)
    path = models.CharField(max_length=400, editable=False, db_index=True)
    source_version = models.BigIntegerField(null=True, blank=True, editable=False)

    objects = BranchQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        indexes = [models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="branch_path_prefix")]

    def __str__(self) -> str:
        return self.name


class Team(Bilingual):
    """A retention group 维系小组: supervisors see their teams' people, orders and customers."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="teams")

    class Meta:
        ordering = ["code"]
        verbose_name = _("retention group")
        verbose_name_plural = _("retention groups")


class User(AbstractUser):
    class Theme(models.TextChoices):
        SYSTEM = "system", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.AGENT)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="staff")
    teams = models.ManyToManyField(Team, blank=True, related_name="members", verbose_name=_("retention groups"))
    language = models.CharField(_("language"), max_length=10, default="en")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    # {key of the product: the person's own}, as `keys.check_keys` writes them.
    own_keys = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), blank=True, editable=False
    )
    # Somebody else has chosen the password: it opens only the page where the person chooses the own one.
    must_change_password = models.BooleanField(_("must choose a new password"), default=False, editable=False)
    # When the person last used the product, to the minute; and when they signed out, None since they came back.
    last_used_at = models.DateTimeField(null=True, editable=False)
    signed_out_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
        ]

    def may(self, permission: str) -> bool:
        return self.is_active and roles.may(self.role, permission)

    def is_signed_in(self, *, now: datetime) -> bool:
        """Whether a session of theirs may be open: not signed out, and used within the idle time of the role."""
        if self.signed_out_at is not None or self.last_used_at is None:
            return False
        return now - self.last_used_at <= timedelta(minutes=IDLE_MINUTES[self.role])

    @property
    def absent_since(self) -> datetime | None:
        """Since when somebody who is not signed in is away; None for who has never been there."""
        return self.signed_out_at or self.last_used_at

    @property
    def own_keys_json(self) -> str:
        """For the scripts of a page."""
        return json.dumps(self.own_keys, ensure_ascii=False)

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username


def display_name_of(person: str) -> Coalesce:
    """`display_name` as an expression; person: the field that leads to the user."""
    full = Trim(Concat(f"{person}__first_name", Value(" "), f"{person}__last_name"))
    return Coalesce(NullIf(full, Value("")), f"{person}__username")


class BranchCounts(models.QuerySet):
    """Base of rows with a `branch` that count things there. A count names nobody: whoever may open its page sees it."""

    def visible_to(self, user: "User") -> Self:
        """The counts of the person's branch and below."""
        if user.role == Role.ADMINISTRATOR:
            return self
        return self.filter(branch__in=Branch.objects.under(user.branch).values("pk"))

    def under(self, branch: Branch | None) -> Self:
        return self.filter(branch__in=Branch.objects.under(branch).values("pk")) if branch else self
