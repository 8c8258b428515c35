"""API clients: scopes, branch and addresses of each, and its keys."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import Branch
from retention.core.accounts.roles import Role


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def for_list(self) -> Self:
        """With everything that the administrators' list shows."""
        return self.select_related("branch", "created_by").prefetch_related("keys")


class ApiClient(models.Model):
    """A system that may call the API.

    scopes: permitted operations. branch: it sees lines of this branch and below, all without one. accept_signature_v1:
    signed requests may also carry the older signature, which covers the body only. allowed_networks: addresses it may
    call from (CIDR), any when empty. tokens, refilled_at: the bucket of its rate limit.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    scopes = models.JSONField(_("scopes"), default=list)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    require_signature = models.BooleanField(_("requests must be signed"), default=False)
    accept_signature_v1 = models.BooleanField(_("the older signature is accepted too"), default=False)
    allowed_networks = models.JSONField(_("allowed addresses"), default=list, blank=True)
    rate_per_second = models.PositiveIntegerField(_("requests a second"), default=100)
    burst = models.PositiveIntegerField(_("at once"), default=200)
    tokens = models.FloatField(default=0, editable=False)
    refilled_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("API client")

    def __str__(self) -> str:
        return self.name

    @property
    def role(self) -> Role:
        """`visible_to(client)` on a queryset limits to the client's branch as for a manager, if it has one."""
        return Role.MANAGER if self.branch_id else Role.ADMINISTRATOR


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def presented(self, prefix: str) -> Self:
        """The key with this prefix, with its client, in one query."""
        return self.select_related("client__branch").filter(prefix=prefix)


class ApiKey(models.Model):
    """One key of a client, with its signing secret. Two are valid during a rotation."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="keys")
    prefix = models.CharField(_("begins with"), max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    sealed_secret = models.TextField()
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("API key")

    def __str__(self) -> str:
        return f"{self.prefix}..."


class SignedRequest(models.Model):
    """An accepted signed write request: its signature is refused a second time while it would still be valid."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "fingerprint"], name="signed_request_once")]
