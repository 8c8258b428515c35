"""Absences: their list, the forms, and handing over what was promised for these days."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.views import RowPage
from retention.core.errors import NotFound
from retention.core.staff.queries import people
from retention.core.ui.listing import ListPage
from workorders.absences.forms import AbsenceFilter, AbsenceForm, NewAbsenceForm
from workorders.absences.queries import absences_for_list, promises_of
from workorders.absences.services import covering, recording
from workorders.absences.tables import AbsenceTable, PromiseTable
from workorders.allocation.models import Absence

LIST = ("absences:list", gettext_lazy("Absences"))
SHOWN_PROMISES = 50


class AbsenceList(ListPage):
    name = "absences"
    permission = "agents.edit"
    template_name = "workorders/allocation/list.html"
    table_class = AbsenceTable
    form_class = AbsenceFilter
    parent = ("workorders:supervise", gettext_lazy("Supervise"))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def get_queryset(self) -> "QuerySet[Absence]":
        rows, asked, today = absences_for_list(self.user), self.cleaned, clock.today()
        when = asked.get("when")
        rows = rows.filter(last_day__lt=today) if when == "over" else rows.filter(last_day__gte=today)
        rows = rows.filter(first_day__lte=today) if when == "now" else rows
        return rows.filter(agent=asked["agent"]) if asked.get("agent") else rows

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"new": (reverse("absences:new"), _("Record an absence"))}


class AbsencePages(RowPage):
    permission = "agents.edit"

    def get_parents(self) -> list[Any]:
        return [*LIST]


class NewAbsence(AbsencePages):
    """`?agent=`: for whom, by the user name."""

    form_class = NewAbsenceForm
    title = gettext_lazy("Record an absence")
    note = gettext_lazy("Orders that are not begun go to the cover on the first day, and come back after the last one.")

    def get_row(self) -> None:
        return None

    def make_form(self, row: Any, data: Any = None) -> NewAbsenceForm:
        form: NewAbsenceForm = super().make_form(row, data)
        named = people().visible_to(self.request.user).filter(username=self.request.GET.get("agent", "")).first()
        form.fields["agent"].initial = named and named.pk
        return form

    def save(self, form: NewAbsenceForm) -> str:
        absence = recording.record_absence(actor=self.request.user, values=form.values(), now=clock.now())
        return reverse("absences:edit", args=[absence.pk])


class EditAbsence(AbsencePages):
    form_class = AbsenceForm
    template_name = "workorders/absences/edit.html"
    action = recording.ABSENCE_ACTION
    row: Absence

    def get_row(self) -> Absence:
        return _open_absence(self.request, self.kwargs["pk"])

    def get_title(self) -> str:
        return _("Absence of %(name)s") % {"name": self.row.agent.display_name}

    def get_target(self, row: Any) -> str:
        return f"user:{self.row.agent.username}"

    def get_context_data(self) -> dict[str, Any]:
        promises = promises_of(self.row, now=clock.now()).visible_to(self.request.user).select_related("type")
        shown = list(promises[:SHOWN_PROMISES])
        return {
            "promises": PromiseTable(shown, user=self.request.user) if shown else None,
            "count": promises.count(),
            "cover": covering.usable_cover(self.row, now=clock.now()),
            "lost_cover": self.row.cover if self.row.cover and not self.row.cover.may("work.do") else None,
        }

    def save(self, form: AbsenceForm) -> str:
        recording.change_absence(
            actor=self.request.user, pk=self.kwargs["pk"], values=form.values(), seen=form.read_seen(), now=clock.now()
        )
        return reverse("absences:list")


@require("agents.edit")
@require_POST
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    absence = _open_absence(request, pk)
    moved = covering.hand_over_promises(absence=absence, actor=request.user, now=clock.now())
    said = ngettext("%(count)d promise was handed over.", "%(count)d promises were handed over.", moved)
    messages.success(request, said % {"count": moved})
    return redirect("absences:edit", pk)


@require("agents.edit")
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    back = recording.end_absence(actor=request.user, pk=pk, now=clock.now())
    said = ngettext(
        "The absence is over; %(count)d order came back.", "The absence is over; %(count)d orders came back.", back
    )
    messages.success(request, said % {"count": back})
    return redirect("absences:list")


def _open_absence(request: StaffRequest, pk: int) -> Absence:
    found = Absence.objects.visible_to(request.user).select_related("agent", "cover").filter(pk=pk, ended=False).first()
    if found is None:
        raise NotFound(_("There is no such absence, or it is over."))
    return found
