"""Order types as they are stored, for new ones and their questions. Orders are read-only here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from campaigns.outreach.models import ContactPurpose
from retention.core.admin import ReadOnly, ReadOnlyInline
from workorders.order_types.models import OrderType
from workorders.orders.models import Transition, WorkOrder


@admin.register(OrderType)
class OrderTypeAdmin(admin.ModelAdmin):
    """A type that has orders keeps what they were opened with; "Save as new" with the next version changes it."""

    list_display = ["code", "version", "title", "purpose", "priority", "due_hours", "active"]
    list_filter = ["active", "code"]
    save_as = True
    exclude = ["stages", "moves", "status", "lease_seconds", "wrap_up_seconds", "one_open"]  # of the editor of flows
    fixed = [
        "code", "version", "purpose", "due_hours", "clocks", "flow", "fields", "script", "script_zh", "questionnaire",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: OrderType | None = None) -> list[str]:
        return self.fixed if obj and "_saveasnew" not in request.POST and obj.orders.exists() else []

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "purpose":
            return forms.ChoiceField(
                label=db_field.verbose_name, choices=ContactPurpose.choices, help_text=db_field.help_text
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: OrderType, form: Any, change: bool) -> None:
        """A version saved as new keeps the flow of the one before."""
        before = None if change else OrderType.objects.published().filter(code=obj.code).order_by("-version").first()
        if before is not None:
            obj.stages, obj.moves = before.stages, before.moves
            obj.lease_seconds, obj.wrap_up_seconds = before.lease_seconds, before.wrap_up_seconds
            obj.one_open = before.one_open
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A type that is no longer wanted is made inactive."""
        return False


class TrailInline(ReadOnlyInline):
    model = Transition
    fields = ["version", "at", "actor_name", "move", "from_state", "to_state", "disposition", "detail"]
    ordering = ["version"]


@admin.register(WorkOrder)
class WorkOrderAdmin(ReadOnly):
    list_display = ["order_no", "type", "state", "team", "assignee", "opened_at", "due_at"]
    list_filter = ["state", "type"]
    list_select_related = ["type", "team", "assignee"]
    search_fields = ["order_no"]
    inlines = [TrailInline]
    # A count over years of orders would cost more than the page.
    show_full_result_count = False
