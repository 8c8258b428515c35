"""The technical administration: tables as they are stored. What is changed daily has pages of its own."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import admin as auth_admin  # noqa: F401  (registers the groups that are taken off below)
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.audit.models import AuditEntry
from retention.core.jobs import text
from retention.core.jobs.models import Job, JobStep
from retention.core.ui.references import addresses

admin.site.site_title = admin.site.site_header = _("Customer Retention")
admin.site.index_title = _("Technical administration")
# Rights come from the role table; groups of the framework would be a second one.
admin.site.unregister(Group)


class ReadOnly(admin.ModelAdmin):
    """To look at, never to change here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly):
    list_display = ["at", "actor_name", "action", "linked_target", "detail"]
    list_filter = ["action"]
    search_fields = ["actor_name", "target"]
    date_hierarchy = "at"
    # A count over years of entries would cost more than the page.
    show_full_result_count = False

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With the addresses of what the page's entries are about, one query a kind."""
        changes = super().get_changelist_instance(request)
        assert isinstance(request.user, User), "the administration lets in signed-in staff only"
        changes.result_list = entries = list(changes.result_list)
        numbers: dict[str, list[str]] = {}
        for entry in entries:
            kind, _colon, number = entry.target.partition(":")
            numbers.setdefault(kind, []).append(number)
        found = {kind: addresses(kind, request.user, some) for kind, some in numbers.items()}
        for entry in entries:
            kind, _colon, number = entry.target.partition(":")
            entry.address = found[kind].get(number)
        return changes

    @admin.display(description=_("target"), ordering="target")
    def linked_target(self, entry: AuditEntry) -> str:
        address = getattr(entry, "address", None)
        return format_html('<a href="{}">{}</a>', address, entry.target) if address else entry.target


class ReadOnlyInline(admin.TabularInline):
    """Rows below another row, to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StepInline(ReadOnlyInline):
    model = JobStep
    fields = ["name", "started_at", "finished_at", "rows", "counts", "error"]


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ["title", "business_date", "key", "state", "started_at", "finished_at", "attempts"]
    list_filter = ["state", "kind"]
    search_fields = ["kind", "key"]
    inlines = [StepInline]

    @admin.display(description=_("job"), ordering="kind")
    def title(self, job: Job) -> str:
        return text.format_kind(job.kind)
