"""What an administrator sets of the customers app in the technical administration: the number limits."""

from django.contrib import admin

from customers.page360.models import RevealLimit


@admin.register(RevealLimit)
class RevealLimitAdmin(admin.ModelAdmin):
    """Of how many customers an hour a role may see the numbers; supervisors raise it for one person for a day."""

    list_display = ["role", "per_hour"]
