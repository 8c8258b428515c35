"""What an administrator sets for the watch over the churn model."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from analytics.monitoring.models import WatchThreshold
from analytics.monitoring.services.alarms import save_threshold
from retention.core.accounts.models import User


@admin.register(WatchThreshold)
class WatchThresholdAdmin(admin.ModelAdmin):
    """One row for each kind of alarm: they ship, and are neither added nor deleted."""

    list_display = ["kind", "opens_at", "closes_at", "calm", "floor", "serious"]
    fields = ["kind", "opens_at", "closes_at", "calm", "floor", "serious"]
    readonly_fields = ["kind"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: WatchThreshold, form: forms.ModelForm, change: bool) -> None:
        given: dict[str, Any] = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        assert isinstance(request.user, User), "the administration lets in signed-in staff only"
        save_threshold(threshold=obj, actor=request.user, changes=given)
