"""Working calendars: their list, one with its months, and the forms, which say first which orders they move."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core import clock
from retention.core.administration.views import INDEX
from retention.core.errors import Invalid
from retention.core.managed.models import Managed
from retention.core.managed.services import require_own_branch
from retention.core.managed.text import Words
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import (
    ManagedCopy,
    ManagedCreate,
    ManagedFormPage,
    ManagedSwitch,
    ManagedUpdate,
)
from retention.core.managed.views.listing import ManagedList
from workorders.clocks.forms import WorkCalendarForm
from workorders.clocks.models import WorkCalendar
from workorders.clocks.queries.impact import Impact, impact_of
from workorders.clocks.queries.months import month_of, unknown_years
from workorders.clocks.services.recomputing import when_changed
from workorders.clocks.tables import WorkCalendarTable
from workorders.clocks.text import WEEKDAYS, calendar_words, format_moved, format_unknown


class CalendarPages(ManagedPage):
    model = WorkCalendar
    kind_form = WorkCalendarForm
    templates = "workorders/clocks"

    def get_words(self) -> Words:
        return calendar_words()


class CalendarList(ManagedList):
    model = WorkCalendar
    name = "work-calendars"
    permission = "calendars.view"
    parent = INDEX
    subtitle = gettext_lazy("When the groups work: what counts as working time of their orders. The nearest one holds.")
    table_class = WorkCalendarTable

    def get_queryset(self) -> QuerySet[WorkCalendar]:
        return WorkCalendar.objects.visible_to(self.user).for_list()

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"today": clock.today()}


def _month(request: HttpRequest, row: WorkCalendar) -> dict[str, Any]:
    """The month that the address asks for, by default this one, and what is not known of its year."""
    today = clock.today()
    try:
        first = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        first = today
    if not 2001 <= first.year <= 2099:
        first = today
    years = sorted({*unknown_years(row, today=today), *row.to_hours().unknown_years([first.year])})
    return {
        "month": month_of(row, first, today=today),
        "weekdays": WEEKDAYS,
        "unknown": format_unknown(years) if years else "",
    }


class CalendarPage(CalendarPages, ManagedDetail):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | _month(self.request, self.object)


class CalendarForms(CalendarPages, ManagedFormPage):
    """A save that would move the due time of open orders says so and is asked for once more."""

    def as_changed(self, form: Any) -> WorkCalendar:
        """The row as the form would save it. Raises Invalid."""
        row = getattr(self, "object", None)
        stored = {name: getattr(row, name) for name in WorkCalendar.editable} if row else {}
        changed = WorkCalendar(**stored | form.values())
        if row:
            changed.pk, changed.code, changed.version, changed.enabled = row.pk, row.code, row.version, row.enabled
        changed.normalize()
        return changed

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            changed = self.as_changed(form)
        except Invalid:
            return super().form_valid(form)  # the service says the same, beside the fields
        impact = impact_of(changed) if changed.enabled else Impact()
        if "preview" in self.request.POST or impact.moved and self.request.POST.get("moves") != str(impact.moved):
            return self.answer(form, 200, impact=impact, **_month(self.request, changed), asked=True)
        answer = super().form_valid(form)
        if answer.status_code == 302:
            when_changed()
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if impact := kwargs.get("impact"):
            kwargs["moves"] = impact.moved
            kwargs["moved"] = format_moved(impact.moved, impact.earlier, impact.later) if impact.moved else ""
        elif (row := getattr(self, "object", None)) is not None:
            kwargs = _month(self.request, row) | kwargs
        return super().get_context_data(**kwargs)


class NewCalendar(CalendarForms, ManagedCreate):
    pass


class EditCalendar(CalendarForms, ManagedUpdate):
    pass


class CopyCalendar(CalendarPages, ManagedCopy):
    pass


class SwitchCalendar(CalendarPages, ManagedSwitch):
    """Says first which orders it moves."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        row = self.get_queryset().filter(code=code).first()
        enabled = request.POST.get("to") == "on"
        if row is not None and row.enabled != enabled and "moves" not in request.POST:
            require_own_branch(row, self.user)
            changed = _switched(row, enabled)
            impact = impact_of(changed)
            if impact.moved:
                return render(request, "workorders/clocks/switch.html", self._asked(row, enabled, impact))
        answer = super().post(request, code)
        when_changed()
        return answer

    def _asked(self, row: Managed, enabled: bool, impact: Impact) -> dict[str, Any]:
        return {
            "row": row,
            "to": "on" if enabled else "off",
            "word": _("Switch on") if enabled else _("Switch off"),
            "moved": format_moved(impact.moved, impact.earlier, impact.later),
            "moves": impact.moved,
            "list_url": self.url("s"),
            "row_url": self.url("", row.code),
            "switch_url": self.url("switch", row.code),
        }


def _switched(row: WorkCalendar, enabled: bool) -> WorkCalendar:
    values = {name: getattr(row, name) for name in WorkCalendar.editable}
    return WorkCalendar(pk=row.pk, code=row.code, version=row.version, enabled=enabled, **values)
