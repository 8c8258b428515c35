"""What an administrator sees of the customers app: the operator's own fields, list entries, number limits."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from customers.facts.models import CustomField
from customers.lists.models import ListEntry
from customers.page360.models import RevealLimit
from retention.core.admin import ReadOnly


@admin.register(CustomField)
class CustomFieldAdmin(admin.ModelAdmin):
    list_display = ["key", "name", "name_zh", "kind"]
    search_fields = ["key", "name", "name_zh"]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """Facts, rules and models refer to the key; their values are read by the kind."""
        return ["key", "kind"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(ListEntry)
class ListEntryAdmin(ReadOnly):
    """Customers are put on and taken off on their own page, where the reason is asked and the trail is kept."""

    list_display = ["customer", "kind", "channel", "starts_on", "ends_on", "reason", "created_by"]
    list_filter = ["kind", "channel"]
    list_select_related = ["customer", "created_by"]
    search_fields = ["customer__customer_no"]
    raw_id_fields = ["customer"]


@admin.register(RevealLimit)
class RevealLimitAdmin(admin.ModelAdmin):
    """Of how many customers an hour a role may see the numbers; supervisors raise it for one person for a day."""

    list_display = ["role", "per_hour"]
