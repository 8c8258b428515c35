"""The list of API clients, and the keys of one."""

from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core import clock
from retention.core.api.models import ApiClient, ApiKey
from retention.core.ui import components, formats
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, NumberColumn
from retention.core.ui.tables.detail import DetailTable

NOWRAP = {"td": {"class": "text-nowrap"}, "th": {"class": "text-nowrap"}}


class ClientTable(BaseTable):
    name = Column(verbose_name=gettext_lazy("Name"), attrs=NOWRAP)
    state = Column(verbose_name=gettext_lazy("State"), empty_values=(), accessor="revoked_at", orderable=False)
    scopes = Column(
        verbose_name=gettext_lazy("Scopes"), help_text=gettext_lazy("What the client may do."), orderable=False
    )
    branch = Column(verbose_name=gettext_lazy("Branch"), default=gettext_lazy("All"), accessor="branch__name")
    require_signature = Column(
        verbose_name=gettext_lazy("Signed"), help_text=gettext_lazy("Whether each request must carry a signature.")
    )
    allowed_networks = Column(
        verbose_name=gettext_lazy("Allowed addresses"), empty_values=(), orderable=False, attrs=NOWRAP
    )
    rate_per_second = NumberColumn(verbose_name=gettext_lazy("Requests a second"))
    last_used_at = DayColumn(verbose_name=gettext_lazy("Last used"), attrs=NOWRAP)
    keys = Column(verbose_name=gettext_lazy("API keys"), orderable=False, attrs=NOWRAP)

    caption = gettext_lazy("API clients")
    region_id = "api-clients"
    empty_title = gettext_lazy("No system may call the API yet")
    empty_text = gettext_lazy("Create a client for the billing system; it gets a key of its own.")

    def row_url(self, record: ApiClient) -> str:
        return reverse("core:api-client", args=[record.pk])

    def render_state(self, record: ApiClient) -> SafeString:
        return (
            components.badge(_("Revoked"), "neutral", "ban")
            if record.revoked_at
            else components.badge(_("Live"), "good", "check")
        )

    def value_state(self, record: ApiClient) -> str:
        return _("Revoked") if record.revoked_at else _("Live")

    def render_scopes(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_require_signature(self, value: bool, record: ApiClient) -> str:
        if value and record.accept_signature_v1:
            return _("yes, also the older way")
        return _("yes") if value else _("no")

    def render_allowed_networks(self, value: list[str]) -> str:
        return ", ".join(value) or _("any")

    def render_keys(self, record: ApiClient) -> str:
        if record.revoked_at:
            return formats.DASH
        return ", ".join(
            format_key(key, clock.now()) for key in record.keys.all() if not is_key_expired(key, clock.now())
        )


class KeyTable(DetailTable):
    """Keys of a client at an instant."""

    prefix = Column(verbose_name=gettext_lazy("Begins with"))
    created_at = DayColumn(verbose_name=gettext_lazy("Created"))
    expires_at = DayColumn(verbose_name=gettext_lazy("Valid until"))
    state = Column(verbose_name=gettext_lazy("State"), empty_values=())

    caption = gettext_lazy("API keys")
    css = "rp-mini"

    def __init__(self, client: ApiClient, *, now: datetime) -> None:
        super().__init__(client.keys.all())
        self.client, self.now = client, now

    def render_prefix(self, value: str) -> SafeString:
        return format_html("<code>{}…</code>", value)

    def render_state(self, record: ApiKey) -> SafeString:
        if self.client.revoked_at or is_key_expired(record, self.now):
            return components.badge(_("Ended"), "neutral")
        return components.badge(_("Live"), "good", "check")


def is_key_expired(key: ApiKey, now: datetime) -> bool:
    return key.expires_at is not None and key.expires_at <= now


def format_key(key: ApiKey, now: datetime) -> str:
    """`rk_AbC..., until 21 Nov 2026 10:00`."""
    if key.expires_at is None:
        return f"{key.prefix}…"
    word = _("ended") if is_key_expired(key, now) else _("until")
    return f"{key.prefix}… ({word} {formats.moment(key.expires_at)})"
