"""What an administrator changes or reads of the core. Pages of daily work are not here."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.forms import ChoiceField, Field, ModelForm
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from retention.core import clock
from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.services.sign_in import unlock
from retention.core.accounts.services.staff import record_password_change, save_staff
from retention.core.audit.models import AuditEntry
from retention.core.jobs import text
from retention.core.jobs.models import Job, JobStep
from retention.core.ui.references import addresses

admin.site.site_title = admin.site.site_header = _("Customer Retention")
admin.site.index_title = _("Administration")
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


@admin.register(User)
class PeopleAdmin(UserAdmin):
    list_display = ["username", "first_name", "last_name", "role", "branch", "is_active", "last_login"]
    list_filter = ["role", "is_active", "teams"]
    list_select_related = ["branch"]
    search_fields = ["username", "first_name", "last_name", "branch__name"]
    filter_horizontal = ["teams"]
    actions = ["unlock"]
    autocomplete_fields = ["branch"]
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language", "theme", "shortcuts"]}),
        (_("Place and role"), {"fields": ["role", "branch", "teams"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2", "role", "branch", "teams"]})
    ]
    readonly_fields = ["last_login", "date_joined"]

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Field | None:
        if db_field.name == "language":
            return ChoiceField(label=db_field.verbose_name, choices=settings.LANGUAGES)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        assert isinstance(request.user, User), "the administration lets in signed-in staff only"
        save_staff(user=obj, actor=request.user, changed=form.changed_data, now=clock.now())

    # The password and its entry in the trail, or neither.
    user_change_password = method_decorator(transaction.atomic)(UserAdmin.user_change_password)

    @admin.action(description=_("Unlock the sign-in"))
    def unlock(self, request: HttpRequest, queryset: models.QuerySet[User]) -> None:
        assert isinstance(request.user, User), "the administration lets in signed-in staff only"
        for user in queryset:
            unlock(user=user, actor=request.user)
        self.message_user(request, _("The sign-in is open again for those who were ticked."))

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Django calls it for the password page as well, which saves past `save_model`."""
        assert isinstance(request.user, User), "the administration lets in signed-in staff only"
        if any("password" in change.get("changed", {}).get("fields", []) for change in message if message):
            record_password_change(user=obj, actor=request.user)
        return super().log_change(request, obj, message)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """People who leave are made inactive: their work and their trail stay theirs."""
        return False


@admin.register(Branch)
class BranchAdmin(ReadOnly):
    """Branches come from the billing system; a change here would be undone by its next delivery."""

    list_display = ["name", "code", "level", "parent"]
    list_filter = ["level"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "name_zh", "branch"]
    list_select_related = ["branch"]
    search_fields = ["code", "name", "name_zh"]
    autocomplete_fields = ["branch"]


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
